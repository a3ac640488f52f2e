import { createStudio, type LastingStudio } from "./studio.ts";
import type { Studio, StudioHost } from "./studio-host.ts";
import { browserSurroundings } from "./surroundings.ts";

/** The second script. One studio for a block and its product, however often the theme makes a new element for it. */
const studios = new Map<string, LastingStudio>();

export function openStudio(host: StudioHost): Studio {
  const key = `${host.settings.blockId} ${host.settings.productId}`;
  const open = studios.get(key);
  if (open) {
    open.moveInto(host);
    return open;
  }
  const studio = createStudio(host, browserSurroundings);
  studios.set(key, studio);
  return studio;
}
