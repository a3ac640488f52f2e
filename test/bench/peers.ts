import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

type Bundle = { scripts: string[]; sheets: string[] };
type Peer = { packages: string[]; first: Bundle; whole: Bundle };

/** What a page takes before somebody can pick a photo, and what it takes until one is cropped, shrunk and on its way. */
const peers: Record<string, Peer> = {
  Dropzone: {
    packages: ["dropzone@6.3.5"],
    first: { scripts: ["dropzone"], sheets: ["dropzone/dist/dropzone.css"] },
    whole: { scripts: ["dropzone"], sheets: ["dropzone/dist/dropzone.css"] },
  },
  FilePond: {
    packages: [
      "filepond@4.32.12",
      "filepond-plugin-image-preview@4.6.12",
      "filepond-plugin-image-crop@2.0.6",
      "filepond-plugin-image-transform@3.8.8",
      "filepond-plugin-image-exif-orientation@1.0.11",
      "filepond-plugin-image-resize@2.0.10",
    ],
    first: { scripts: ["filepond"], sheets: ["filepond/dist/filepond.css"] },
    whole: {
      scripts: [
        "filepond",
        "filepond-plugin-image-preview",
        "filepond-plugin-image-crop",
        "filepond-plugin-image-transform",
        "filepond-plugin-image-exif-orientation",
        "filepond-plugin-image-resize",
      ],
      sheets: ["filepond/dist/filepond.css", "filepond-plugin-image-preview/dist/filepond-plugin-image-preview.css"],
    },
  },
  Uppy: {
    packages: [
      "@uppy/core@6.3.1",
      "@uppy/dashboard@6.0.3",
      "@uppy/xhr-upload@6.0.0",
      "@uppy/image-editor@5.0.0",
      "@uppy/compressor@4.0.0",
      "@uppy/webcam@6.0.0",
    ],
    first: {
      scripts: ["@uppy/core", "@uppy/dashboard", "@uppy/xhr-upload"],
      sheets: ["@uppy/core/css/style.min.css", "@uppy/dashboard/css/style.min.css"],
    },
    whole: {
      scripts: [
        "@uppy/core",
        "@uppy/dashboard",
        "@uppy/xhr-upload",
        "@uppy/image-editor",
        "@uppy/compressor",
        "@uppy/webcam",
      ],
      sheets: [
        "@uppy/core/css/style.min.css",
        "@uppy/dashboard/css/style.min.css",
        "@uppy/image-editor/css/style.min.css",
        "@uppy/webcam/css/style.min.css",
      ],
    },
  },
};

/** Bytes, gzip -9. */
export type Weight = {
  "script at first": number;
  "with styles": number;
  "script in all": number;
  "all with styles": number;
};

/**
 * The studio beside upload libraries with their defaults, each bundled and minified for the same browsers. The libraries
 * are no part of the project: they are fetched from the npm registry into a folder that is removed again.
 */
export async function measurePeers(): Promise<Record<string, Weight>> {
  const folder = await mkdtemp(join(tmpdir(), "pet-portraits-peers-"));
  try {
    const rows: Record<string, Weight> = { "this studio": await ownWeight() };
    for (const [name, peer] of Object.entries(peers)) rows[name] = await weigh(join(folder, name), peer);
    return rows;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function ownWeight(): Promise<Weight> {
  const assets = fileURLToPath(new URL("../../extensions/pet-processor/assets/", import.meta.url));
  const sum = async (...names: string[]) => {
    const sizes = await Promise.all(names.map(async (name) => zipped(await readFile(`${assets}${name}`))));
    return sizes.reduce((all, one) => all + one, 0);
  };
  const first = await sum("pet-processor.js");
  const scripts = await sum(
    ...["processor", "studio", "words-en", "crop", "photo-worker"].map((name) => `pet-${name}.js`),
  );
  return {
    "script at first": first,
    "with styles": first + (await sum("pet-processor.css")),
    "script in all": scripts,
    "all with styles": scripts + (await sum("pet-processor.css", "pet-studio.css")),
  };
}

async function weigh(folder: string, { packages, first, whole }: Peer): Promise<Weight> {
  execFileSync("npm", ["install", "--prefix", folder, "--no-audit", "--no-fund", "--ignore-scripts", ...packages]);
  const script = (bundle: Bundle) => bundled(folder, importing(bundle.scripts), "js");
  const sheet = (bundle: Bundle) =>
    bundled(folder, bundle.sheets.map((path) => `@import "${path}";`).join("\n"), "css");
  const [firstScript, firstSheet] = [await script(first), await sheet(first)];
  const [wholeScript, wholeSheet] = [await script(whole), await sheet(whole)];
  return {
    "script at first": firstScript,
    "with styles": firstScript + firstSheet,
    "script in all": wholeScript,
    "all with styles": wholeScript + wholeSheet,
  };
}

/** All that a package exports: which part of it a page would use is the page's choice. */
function importing(names: string[]): string {
  const lines = names.map((name, at) => `import * as part${at} from "${name}";`);
  return `${lines.join("\n")}\nglobalThis.parts = [${names.map((_, at) => `part${at}`).join(", ")}];`;
}

async function bundled(folder: string, contents: string, loader: "js" | "css"): Promise<number> {
  await writeFile(join(folder, `entry.${loader}`), contents);
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(folder, `entry.${loader}`)],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: ["safari15.4", "chrome100", "firefox100"],
    legalComments: "none",
    logLevel: "error",
    loader: { ".svg": "dataurl", ".png": "dataurl" },
  });
  return zipped(outputFiles[0]?.contents ?? new Uint8Array());
}

const zipped = (bytes: Uint8Array) => gzipSync(bytes, { level: 9 }).length;
