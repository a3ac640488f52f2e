import { writeFile } from "node:fs/promises";
import sharp from "sharp";
import { createClassicBackgroundRemover } from "#app/adapters/sharp/classic-background-remover.ts";
import { createPixelWorkers } from "#app/adapters/sharp/pixel-workers.ts";
import { createPreviewPainter } from "#app/adapters/sharp/preview-painter.ts";
import { goldenCases, goldenFile, createGoldenStudio } from "./golden-cases.ts";

/** Paints the golden pictures anew. Look at them before they are committed: they are what tests compare with. */
const workers = createPixelWorkers({ threads: 1 });
const studio = createGoldenStudio({ remover: createClassicBackgroundRemover(workers), painter: createPreviewPainter(workers) });
for (const golden of goldenCases) {
  const picture = await studio.paint(golden);
  await writeFile(goldenFile(golden.name), await sharp(picture).resize(320).jpeg({ quality: 78 }).toBuffer());
}
await workers.close();
