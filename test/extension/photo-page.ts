import { readFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import type { Browser, Page } from "playwright-core";
import type { PhotoFlaw } from "../../extensions/pet-processor/src/photo/photo-file.ts";
import { extensionFolder } from "./harness/page-server.ts";

/** What a shopper's page makes of a photo, with its bytes brought over to here. */
export type PageRead =
  | { refused: string }
  | {
      bytes: Buffer;
      type: string;
      isAsPicked: boolean;
      isPreview: boolean;
      sourceSha256: string | null;
      width: number;
      height: number;
      flaws: PhotoFlaw[];
    };

export type PhotoPage = {
  page: Page;
  /** The extension's files that were asked of the other origin. */
  fetched: string[];
  /** `hurried`: which of the waits for somebody who may hang is over soon; the first is 0. None unless it is given. */
  read(photo: Buffer, options?: { hasHeic?: boolean; hurried?: number }): Promise<PageRead>;
  /** How many photos the page itself has decoded. */
  decodedInPage(): Promise<number>;
  /** How often the hurried wait was over before what was waited for. */
  outwaited(): Promise<number>;
  end(): Promise<void>;
};

export type PhotoPageOptions = {
  /** Content security policy of the page; `CDN` stands for the other origin. */
  policy?: string;
  /** What the other origin has in the place of an asset: a text, or nothing. */
  instead?: Record<string, string | null>;
};

const kindPolicy =
  "default-src 'none'; script-src 'self' CDN 'wasm-unsafe-eval'; connect-src CDN; img-src blob:; worker-src blob:";

const script = `
import { readPhoto } from ${JSON.stringify(fileURLToPath(new URL("../../extensions/pet-processor/src/photo/photo-file.ts", import.meta.url)))};
import { browserSurroundings } from ${JSON.stringify(fileURLToPath(new URL("../../extensions/pet-processor/src/page/surroundings.ts", import.meta.url)))};
const decode = window.createImageBitmap;
window.decoded = 0;
window.outwaited = 0;
window.createImageBitmap = (...of) => (window.decoded++, decode(...of));
const base64 = (blob) => new Promise((done) => {
  const reader = new FileReader();
  reader.onload = () => done(String(reader.result).split(",")[1]);
  reader.readAsDataURL(blob);
});
window.readAt = async (cdn, { photo, hasHeic, hurried }) => {
  let waits = 0;
  const picked = new Blob([Uint8Array.from(atob(photo), (char) => char.charCodeAt(0))]);
  const tools = {
    workerUrl: cdn + "/pet-photo-worker.js",
    heicUrl: hasHeic ? { script: cdn + "/heic-decoder.js", wasm: cdn + "/heic-decoder.wasm" } : undefined,
    around: {
      fetch: browserSurroundings.fetch,
      wait(ms, signal) {
        if (ms !== 30000 || waits++ !== hurried) return browserSurroundings.wait(ms, signal);
        return browserSurroundings.wait(1000, signal).then(() => void window.outwaited++);
      },
    },
  };
  const read = await readPhoto(picked, { max_bytes: 20_000_000, min_side: 256 }, tools);
  if ("refused" in read) return read;
  const { bytes, preview, ...facts } = read;
  const isAsPicked = bytes === picked;
  return { ...facts, bytes: await base64(bytes), type: bytes.type, isAsPicked, isPreview: preview === bytes };
};
`;

type ReadAt = (
  cdn: string,
  asked: { photo: string; hasHeic: boolean; hurried: number },
) => Promise<{ refused: string } | (Omit<Exclude<PageRead, { refused: string }>, "bytes"> & { bytes: string })>;
type PhotoWindow = typeof globalThis & { readAt: ReadAt; decoded: number; outwaited: number };

/** A page of a shop, and the extension's files on another origin, as on Shopify. */
export async function openPhotoPage(browser: Browser, options: PhotoPageOptions = {}): Promise<PhotoPage> {
  const { outputFiles } = await esbuild.build({
    stdin: { contents: script, resolveDir: extensionFolder },
    bundle: true,
    write: false,
    format: "iife",
  });
  const bundle = outputFiles[0]?.text ?? "";
  const fetched: string[] = [];
  const cdn = await serve((request, response) => void answerAsset(request.url ?? "", options, fetched, response));
  const shop = await serve((request, response) => {
    if (request.url === "/page.js") return void response.setHeader("content-type", "text/javascript").end(bundle);
    const policy = (options.policy ?? kindPolicy).replaceAll("CDN", cdn.url);
    response.writeHead(200, { "content-type": "text/html", "content-security-policy": policy });
    response.end(`<!doctype html><title>A photo</title><script src="/page.js"></script>`);
  });
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(shop.url);
  return {
    page,
    fetched,
    async read(photo, { hasHeic = false, hurried = -1 } = {}) {
      const asked = { photo: photo.toString("base64"), hasHeic, hurried };
      const read = await page.evaluate(({ cdn, asked }) => (globalThis as unknown as PhotoWindow).readAt(cdn, asked), {
        cdn: cdn.url,
        asked,
      });
      return "refused" in read ? read : { ...read, bytes: Buffer.from(read.bytes, "base64") };
    },
    decodedInPage: () => page.evaluate(() => (globalThis as unknown as PhotoWindow).decoded),
    outwaited: () => page.evaluate(() => (globalThis as unknown as PhotoWindow).outwaited),
    async end() {
      await context.close();
      await Promise.all([cdn.close(), shop.close()]);
    },
  };
}

async function answerAsset(
  path: string,
  { instead = {} }: PhotoPageOptions,
  fetched: string[],
  response: Parameters<RequestListener>[1],
): Promise<void> {
  const name = path.slice(1);
  fetched.push(name);
  const bytes = name in instead ? instead[name] : await readFile(`${extensionFolder}assets/${name}`).catch(() => null);
  const type = name.endsWith(".js") ? "text/javascript" : "application/wasm";
  response.writeHead(bytes ? 200 : 404, { "content-type": type, "access-control-allow-origin": "*" });
  response.end(bytes ?? "");
}

async function serve(listener: RequestListener): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}
