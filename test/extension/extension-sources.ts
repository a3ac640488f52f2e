import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../extensions/pet-processor/src/", import.meta.url));

/** Every file that the widget is built of, as a path from the extension's folder: `src/cart/cart-link.ts`. */
export function extensionSources(): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `src/${`${entry.parentPath}/${entry.name}`.slice(folder.length).replace(/^\/+/, "")}`)
    .sort();
}
