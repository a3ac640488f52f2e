import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname } from "node:path";

/**
 * The decoder for HEIC as two assets of its own. libheif and libde265 are under the LGPL: they stay apart from the widget's
 * scripts and as their makers built them, so that anybody can put another build of them in their place, and their licence
 * travels in the file. docs/decisions/026 has the rest.
 */
const folder = dirname(createRequire(import.meta.url).resolve("libheif-js/libheif-wasm/libheif.js"));

const notice = ({ version, licence }) => `/*!
libheif-js ${version}: libheif and libde265, compiled by Emscripten. Not part of the widget's own program.
Covered by the GNU Lesser General Public License, version 3, whose text follows.

Nothing but this comment was added to the package's libheif-wasm/libheif.js; heic-decoder.wasm is its
libheif-wasm/libheif.wasm. Sources:
  https://github.com/catdad-experiments/libheif-js/tree/v${version}
  https://github.com/catdad-experiments/libheif-emscripten
  https://github.com/strukturag/libheif
  https://github.com/strukturag/libde265
To use a build of your own, put its two files in the place of heic-decoder.js and heic-decoder.wasm.

${licence.trim()}
*/
`;

/** By asset name, bytes. */
export async function heicDecoder() {
  const text = (name) => readFile(`${folder}/${name}`, "utf8");
  const { version } = JSON.parse(await text("../package.json"));
  const script = notice({ version, licence: await text("LICENSE") }) + (await text("libheif.js"));
  return { "heic-decoder.js": Buffer.from(script), "heic-decoder.wasm": await readFile(`${folder}/libheif.wasm`) };
}
