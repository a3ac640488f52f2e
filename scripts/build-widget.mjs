import { readdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { heicDecoder } from "./heic-decoder.mjs";
import { sizeReport, sizeTable } from "./widget-sizes.mjs";

/**
 * Builds the widget: `src/` of the extension and the script's sentences in its locales become flat files in `assets/`, as
 * the theme app extension wants them.
 * `node scripts/build-widget.mjs` writes them and says how large they are; with `--check` it only says whether they are
 * what these build, and within their limits.
 */
const extension = fileURLToPath(new URL("../extensions/pet-processor/", import.meta.url));

/** Phones that are still in use: no older than Safari 15.4. */
const target = ["safari15.4", "chrome100", "firefox100"];
const common = { bundle: true, minify: true, write: false, target, charset: "utf8", legalComments: "none" };

const outputs = [
  // A classic script: Shopify puts it into the page as <script async>.
  { asset: "pet-processor.js", options: { entryPoints: [`${extension}src/pet-processor.ts`], format: "iife" } },
  // A module: fetched by the first script when there is something to do.
  { asset: "pet-studio.js", options: { entryPoints: [`${extension}src/pet-studio.ts`], format: "esm" } },
  { asset: "pet-crop.js", options: { entryPoints: [`${extension}src/pet-crop.ts`], format: "esm" } },
  { asset: "pet-result.js", options: { entryPoints: [`${extension}src/pet-result.ts`], format: "esm" } },
  // A classic script for a worker, which can import the decoder.
  { asset: "pet-photo-worker.js", options: { entryPoints: [`${extension}src/pet-photo-worker.ts`], format: "iife" } },
  { asset: "pet-studio.css", options: { entryPoints: [`${extension}src/pet-studio.css`] } },
  { asset: "pet-processor.css", options: { entryPoints: [`${extension}src/pet-processor.css`] } },
];

/** What `src/` and the locales build, and the decoder beside it: bytes by asset name. Writes nothing. */
export async function buildWidget() {
  const built = { ...(await heicDecoder()), ...(await words()) };
  for (const { asset, options } of outputs) {
    const { outputFiles } = await esbuild.build({ ...common, ...options });
    built[asset] = Buffer.from(outputFiles[0].contents);
  }
  return built;
}

/** What the script says, a module for each language: the studio takes the one of its page. */
async function words() {
  const built = {};
  for (const file of await readdir(`${extension}locales`)) {
    const [, language] = /^([a-z]+)(?:\.default)?\.json$/.exec(file) ?? [];
    if (language === undefined) continue;
    const { script } = JSON.parse(await readFile(`${extension}locales/${file}`, "utf8"));
    const { code } = await esbuild.transform(`export default ${JSON.stringify(script)}`, {
      minify: true,
      target,
      charset: "utf8",
    });
    built[`pet-words-${language}.js`] = Buffer.from(code);
  }
  return built;
}

/** The assets that differ from what `src/` builds. */
export async function staleAssets() {
  const built = await buildWidget();
  const stale = [];
  for (const [asset, bytes] of Object.entries(built)) {
    const lying = await readFile(`${extension}assets/${asset}`).catch(() => undefined);
    if (!lying?.equals(bytes)) stale.push(asset);
  }
  return stale;
}

async function main() {
  if (process.argv.includes("--check")) return check();
  for (const [asset, bytes] of Object.entries(await buildWidget()))
    await writeFile(`${extension}assets/${asset}`, bytes);
  console.log(sizeTable());
}

async function check() {
  const stale = await staleAssets();
  if (stale.length > 0)
    console.error(`Not what src/ and the locales build: ${stale.join(", ")}. Run: node scripts/build-widget.mjs`);
  const tooLarge = sizeReport().some(({ isOver }) => isOver);
  if (tooLarge) console.error(sizeTable());
  if (stale.length > 0 || tooLarge) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
