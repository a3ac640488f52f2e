import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

/**
 * Builds the widget: `src/` of the extension becomes three flat files in `assets/`, as the theme app extension wants them.
 * `node scripts/build-widget.mjs` writes them; with `--check` it only says whether they are what `src/` builds.
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
  { asset: "pet-processor.css", options: { entryPoints: [`${extension}src/pet-processor.css`] } },
];

/** What `src/` builds, by asset name. Writes nothing. */
export async function buildWidget() {
  const built = {};
  for (const { asset, options } of outputs) {
    const { outputFiles } = await esbuild.build({ ...common, ...options });
    built[asset] = outputFiles[0].text;
  }
  return built;
}

/** The assets that differ from what `src/` builds. */
export async function staleAssets() {
  const built = await buildWidget();
  const stale = [];
  for (const [asset, text] of Object.entries(built)) {
    const lying = await readFile(`${extension}assets/${asset}`, "utf8").catch(() => "");
    if (lying !== text) stale.push(asset);
  }
  return stale;
}

async function main() {
  if (process.argv.includes("--check")) {
    const stale = await staleAssets();
    if (stale.length === 0) return;
    console.error(`Not what src/ builds: ${stale.join(", ")}. Run: node scripts/build-widget.mjs`);
    process.exitCode = 1;
    return;
  }
  for (const [asset, text] of Object.entries(await buildWidget())) {
    await writeFile(`${extension}assets/${asset}`, text);
    const digest = createHash("sha256").update(text).digest("hex").slice(0, 8);
    console.log(
      `${asset}  ${Buffer.byteLength(text)} bytes, ${gzipSync(text, { level: 9 }).length} gzipped, ${digest}`,
    );
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
