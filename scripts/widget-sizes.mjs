import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

/**
 * How large the widget may be, and how large it is. Shoppers download it before they have decided to: an asset that grows
 * past its limit fails the build's test, and a limit is raised on purpose or not at all. All numbers are bytes.
 */
export const widgetLimits = Object.freeze({
  /** By name; Shopify measures a block's script and stylesheet as they lie (10,000 and 100,000 bytes). */
  assets: {
    "pet-processor.js": { raw: 9_999, gzipped: 6_144 },
    "pet-processor.css": { raw: 99_999 },
    "pet-photo-worker.js": { gzipped: 6_144 },
    // Fetched for a HEIC that the browser cannot open, and for nothing else.
    "heic-decoder.js": { gzipped: 49_152 },
    "heic-decoder.wasm": { raw: 1_600_000, gzipped: 524_288 },
  },
  /** What the script says, in any language. */
  words: { gzipped: 4_096 },
  /** Any other asset, by the end of its name. Scripts and stylesheets also count together, below. */
  kinds: { js: { gzipped: 24_576 }, css: { gzipped: 8_192 }, jpg: { raw: 64_000 }, svg: { raw: 16_000 } },
  /** All scripts and stylesheets together, without the decoder, and of the words the largest language. */
  code: { gzipped: 46_079 },
  /** Shopify's own limits: a language, and all Liquid together. */
  locale: { raw: 15 * 1024 - 1 },
  liquid: { raw: 99_999 },
  /** The whole package; Shopify takes 10 MB. */
  extension: { raw: 9_999_999 },
});

const extension = fileURLToPath(new URL("../extensions/pet-processor/", import.meta.url));
const packed = ["assets", "blocks", "snippets", "locales"];

/** One row for each asset, then the sums. `limit` is empty for what nobody has thought about: that fails too. */
export function sizeReport() {
  const files = packed.flatMap(filesIn);
  const inFolder = (...folders) => files.filter(({ folder }) => folders.includes(folder));
  const assets = inFolder("assets").map((file) => row(file.name, [file], limitOf(file.name)));
  const code = inFolder("assets").filter(({ name }) => /^(?!heic-decoder|pet-words).*\.(js|css)$/.test(name));
  const words = inFolder("assets").filter(({ name }) => name.startsWith("pet-words"));
  return [
    ...assets,
    row("scripts and styles", [...code, ...largest(words)], widgetLimits.code),
    row("largest language", largest(inFolder("locales")), widgetLimits.locale),
    row("Liquid", inFolder("blocks", "snippets"), widgetLimits.liquid),
    row("whole extension", files, widgetLimits.extension),
  ];
}

/** The report for a person to read. */
export function sizeTable() {
  const lines = sizeReport().map(({ name, raw, gzipped, limit, isOver }) => [
    name,
    `${raw}${limit.raw === undefined ? "" : ` of ${limit.raw}`}`,
    `${gzipped}${limit.gzipped === undefined ? "" : ` of ${limit.gzipped}`}`,
    isOver ? "TOO LARGE" : "",
  ]);
  const all = [["", "bytes", "gzipped", ""], ...lines];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((line) => line[column].length)));
  const pad = ([name, raw, gzipped, mark]) =>
    `${name.padEnd(widths[0])}  ${raw.padEnd(widths[1])}  ${gzipped.padEnd(widths[2])}  ${mark}`.trimEnd();
  return all.map(pad).join("\n");
}

function filesIn(folder) {
  const names = readdirSync(extension).includes(folder) ? readdirSync(`${extension}${folder}`).sort() : [];
  return names.map((name) => {
    const bytes = readFileSync(`${extension}${folder}/${name}`);
    return { folder, name, raw: bytes.length, gzipped: gzipSync(bytes, { level: 9 }).length };
  });
}

const largest = (files) => files.toSorted((a, b) => b.raw - a.raw).slice(0, 1);
const limitOf = (name) =>
  widgetLimits.assets[name] ??
  (name.startsWith("pet-words-") ? widgetLimits.words : widgetLimits.kinds[name.split(".").at(-1)]) ??
  {};

function row(name, files, limit) {
  const sum = (of) => files.reduce((total, file) => total + of(file), 0);
  const [raw, gzipped] = [sum((file) => file.raw), sum((file) => file.gzipped)];
  const hasLimit = limit.raw !== undefined || limit.gzipped !== undefined;
  const isOver = !hasLimit || raw > (limit.raw ?? Infinity) || gzipped > (limit.gzipped ?? Infinity);
  return { name, raw, gzipped, limit, isOver };
}
