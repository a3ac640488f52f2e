import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/**
 * Removes the files of a flat folder that were last written before `atMs` (milliseconds since the epoch). A folder that
 * is not there has no leftovers.
 */
export async function removeFilesOlderThan(folder: string, atMs: number): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  let removed = 0;
  for (const name of names) {
    const path = join(folder, name);
    const facts = await stat(path).catch(() => undefined);
    if (facts === undefined || facts.mtimeMs >= atMs) continue;
    await rm(path, { force: true });
    removed += 1;
  }
  return removed;
}
