import { readFile } from "node:fs/promises";
import { createClassicBackgroundRemover } from "#app/adapters/sharp/classic-background-remover.ts";
import { createPhotoReader } from "#app/adapters/sharp/photo-reader.ts";
import { createPixelWorkers } from "#app/adapters/sharp/pixel-workers.ts";
import { createPreviewPainter } from "#app/adapters/sharp/preview-painter.ts";
import { summaryOf, timesOf, type Summary } from "./samples.ts";

const size = { width: 1024, height: 1280 };
const often = { runs: 7, warmUps: 1 };

/** The classic cutout and both preview styles, on one thread, of the two photos of the tests. */
export async function measurePainting(): Promise<Record<string, Summary>> {
  const workers = createPixelWorkers({ threads: 1 });
  const remover = createClassicBackgroundRemover(workers);
  const painter = createPreviewPainter(workers);
  const { signal } = new AbortController();
  const results: Record<string, Summary> = {};
  for (const name of ["dog", "cat"]) {
    const file = await readFile(new URL(`../photos/${name}.webp`, import.meta.url));
    const photo = await createPhotoReader().crop(file, null, { longestSide: 1536 });
    results[`cutout, ${name}`] = summaryOf(await timesOf(() => remover.remove(photo, { signal }), often));
    const pets = [await remover.remove(photo, { signal })];
    for (const id of ["ink_wash", "pen_and_marker"]) {
      const look = { style: { id, revision: 1, prompt: "" }, size, wording: "usual" as const };
      const paint = (take: number) => painter.paint({ pets, ...look, take: 2 + Math.abs(take), signal });
      results[`${id}, ${name}`] = summaryOf(await timesOf(paint, often));
    }
  }
  await workers.close();
  return results;
}
