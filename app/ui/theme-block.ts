/**
 * Where our block is in the theme that shoppers see, as App Bridge tells it: an extension holds blocks, and a block has a
 * status in the published theme. The answer comes from outside, so its shape is not believed but looked at.
 */
export type BlockPlacement = "live" | "absent" | "unavailable" | "unknown";

const placements: Record<string, BlockPlacement> = { active: "live", available: "absent", unavailable: "unavailable" };

export function blockPlacement(extensions: unknown, blockHandle: string): BlockPlacement {
  if (!Array.isArray(extensions)) return "unknown";
  const blocks = extensions.flatMap((extension: unknown) => listIn(extension, "activations"));
  const ours = blocks.filter((block) => valueIn(block, "handle") === blockHandle);
  const found = ours.map((block) => placements[String(valueIn(block, "status"))] ?? "unknown");
  if (found.includes("live")) return "live";
  return found[0] ?? "unknown";
}

/** The theme editor on a product page, with our block put into the product's section and waiting to be saved. */
export function addBlockUrl(shop: string, apiKey: string, blockHandle: string): string {
  const query = `template=product&addAppBlockId=${apiKey}/${blockHandle}&target=mainSection`;
  return `https://${shop}/admin/themes/current/editor?${query}`;
}

export function productTemplateUrl(shop: string): string {
  return `https://${shop}/admin/themes/current/editor?template=product`;
}

const valueIn = (of: unknown, key: string): unknown =>
  typeof of === "object" && of !== null ? (of as Record<string, unknown>)[key] : undefined;

function listIn(of: unknown, key: string): unknown[] {
  const value = valueIn(of, key);
  return Array.isArray(value) ? value : [];
}
