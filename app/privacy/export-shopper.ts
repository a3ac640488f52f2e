import type { PrivacyParts } from "./parts.ts";
import type { PersonalExport, PrivacyReceipt } from "./personal-records.ts";

/**
 * What a merchant hands to a customer who asks what is stored of them. Only what was made while logged in and what they
 * ordered: what else a guest's session made on a shared device may be somebody else's. Nothing is copied aside for it. The document is written from
 * the records when it is fetched, so that there is no second place from which a person would have to be deleted.
 */
export async function countCustomerData(
  parts: PrivacyParts,
  shop: string,
  shoppers: readonly string[],
): Promise<PrivacyReceipt> {
  const found = await parts.records.export(shop, shoppers);
  const records = {
    photos: found.photos.length,
    portraits: found.portraits.length,
    events: found.events.length,
    others: 0,
  };
  return { records, objects: objectNames(found).size, objectsShared: 0, left: null };
}

/**
 * The document itself, JSON in pieces: pictures are inside as data addresses, one in memory at a time.
 *
 * @param heading - what the document says about itself, before what was found
 */
export async function* exportDocument(
  parts: Pick<PrivacyParts, "records" | "objects">,
  { shop, shoppers, heading }: { shop: string; shoppers: readonly string[]; heading: Record<string, unknown> },
): AsyncGenerator<string> {
  const found = await parts.records.export(shop, shoppers);
  yield `${JSON.stringify(heading, null, 2).slice(0, -2)},\n  "photos": [`;
  yield* pictures(parts, found.photos);
  yield `],\n  "portraits": [`;
  yield* pictures(parts, found.portraits);
  yield `],\n  "events": ${JSON.stringify(found.events.map(({ at, ...event }) => ({ ...event, at: at.toISOString() })))}\n}\n`;
}

async function* pictures(
  parts: Pick<PrivacyParts, "objects">,
  items: readonly { objectName: string | null; createdAt: Date }[],
): AsyncGenerator<string> {
  let separator = "\n    ";
  for (const { objectName, createdAt, ...facts } of items) {
    const stored = objectName === null ? undefined : await parts.objects.read(objectName);
    const picture =
      stored === undefined ? null : `data:${stored.contentType};base64,${stored.bytes.toString("base64")}`;
    yield `${separator}${JSON.stringify({ ...facts, createdAt: createdAt.toISOString(), picture })}`;
    separator = ",\n    ";
  }
}

function objectNames(found: PersonalExport): Set<string> {
  const names = [...found.photos, ...found.portraits].map((item) => item.objectName);
  return new Set(names.filter((name) => name !== null));
}
