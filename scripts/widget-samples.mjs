import { fileURLToPath } from "node:url";
import sharp from "sharp";

/**
 * Joins the three samples of the first step to one picture: one element, one request and one address in the product page
 * instead of three. Side by side without a gap, which would have to have the colour of a page that nobody knows.
 * `node scripts/widget-samples.mjs` writes `assets/samples.jpg` anew; to be run where one of the samples has changed.
 * A JPEG, because the Shopify CLI takes no format with transparency that photos are small in.
 */
const assets = fileURLToPath(new URL("../extensions/pet-processor/assets/", import.meta.url));
const names = ["photo", "ink-wash", "pen-and-marker"];

/** Pixels; the page shows it at most a third as wide, so that phones with three pixels to one of CSS have them all. */
const [width, height] = [336, 420];

const pieces = names.map((name) => sharp(`${assets}sample-${name}.jpg`).resize(width, height).toBuffer());
const { size, ...written } = await sharp({
  create: { width: names.length * width, height, channels: 3, background: "white" },
})
  .composite((await Promise.all(pieces)).map((input, at) => ({ input, left: at * width, top: 0 })))
  .jpeg({ quality: 68, mozjpeg: true })
  .toFile(`${assets}samples.jpg`);
console.log(`samples.jpg: ${written.width} × ${written.height}, ${size} bytes`);
