import type { StudioHost } from "./studio-host.ts";

/** What the block's Liquid says of the product and of the merchant's settings, read off the element. */
export function settingsOf({ dataset }: HTMLElement): StudioHost["settings"] {
  const { productId = "", blockId = "", proxyPath = "", styles = "", mostPets, required } = dataset;
  return {
    productId,
    blockId,
    proxyPath: proxyPath.replace(/\/+$/, ""),
    styles: styles.split(/[\s,]+/).filter(Boolean),
    isRequired: required === "true",
    mostPets: Number(mostPets) || 1,
  };
}

/** The page's language as the shop has it (BCP 47). */
export const languageOf = ({ dataset, ownerDocument }: HTMLElement): string =>
  dataset["lang"] || ownerDocument.documentElement.lang || "en";
