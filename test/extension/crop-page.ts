import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as esbuild from "esbuild";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import sharp from "sharp";
import type { Size } from "../../extensions/pet-processor/src/crop/crop-geometry.ts";
import type { CropStage, CropSubject } from "../../extensions/pet-processor/src/pet-crop.ts";
import { extensionFolder } from "./harness/page-server.ts";
import { themes } from "./harness/themes.ts";
import { sentences } from "./words.ts";

/** What the page's script leaves for a test: the stage, and what it was told. */
export type CropWindow = typeof globalThis & {
  crop: { stage: CropStage; told: { key: string; crop: CropSubject["crop"] }[] };
};

type Told = CropWindow["crop"]["told"];

export type CropPage = {
  page: Page;
  faults: string[];
  /** Puts the photo on the stage, or takes it away, and waits until that is to be seen. */
  show(subject?: Partial<CropSubject> | null): Promise<void>;
  /** The crops that the page was told, in their order. */
  told(): Promise<Told>;
  end(): Promise<void>;
};

/** Of the photo that the page has at `/photo.jpg`. */
export const photoSize = { width: 1500, height: 1000 };

type Look = { theme?: string; scheme?: string; dir?: string; locale?: string; ratio?: string };

const script = (locale: string) => `
import { openCrop } from "${extensionFolder}src/pet-crop.ts";
import { createWords } from "${extensionFolder}src/page/words.ts";
import { keepGround } from "${extensionFolder}src/page/page-ground.ts";
const element = document.querySelector(".pet-processor");
keepGround(element, new AbortController().signal);
const told = [];
const stage = openCrop({
  element,
  words: createWords(${JSON.stringify(sentences(locale))}, "${locale}"),
  signal: new AbortController().signal,
  onChange: (key, crop) => told.push({ key, crop }),
});
window.crop = { stage, told };
`;

/** The stage alone in a page of a theme, on a photo that is 1500 pixels wide and 1000 high, before the block has it. */
export async function openCropPage(
  browser: Browser,
  { context = {}, ...look }: Look & { context?: BrowserContextOptions } = {},
): Promise<CropPage> {
  const html = await pageOf(look);
  const pictures: Record<string, Buffer> = {
    "/photo.jpg": await quarters(photoSize),
    "/tall.jpg": await quarters({ width: photoSize.height, height: photoSize.width }),
  };
  const server = createServer((request, response) => {
    const picture = pictures[(request.url ?? "").replace(/\?.*/, "")];
    response.setHeader("content-type", picture ? "image/jpeg" : "text/html");
    response.end(picture ?? html);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const opened = await browser.newContext({ viewport: { width: 800, height: 900 }, ...context });
  const page = await opened.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (said) => said.type() === "error" && faults.push(said.text()));
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return {
    page,
    faults,
    async show(subject = {}) {
      const whole = { key: "1", url: "/photo.jpg", photo: photoSize, crop: null };
      await page.evaluate((on) => (globalThis as CropWindow).crop.stage.show(on), subject && { ...whole, ...subject });
      await page.waitForSelector(`[data-part="crop"]${subject ? ":not([hidden])" : "[hidden]"}`, { state: "attached" });
    },
    told: () => page.evaluate(() => (globalThis as CropWindow).crop.told),
    async end() {
      await opened.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Red and green above, blue and white below: what is where can be told by its colour. */
export function quarters({ width, height }: Size): Promise<Buffer> {
  const [right, lower] = [width / 2, height / 2];
  const quarter = (background: string) => ({
    create: { width: right, height: lower, channels: 3 as const, background },
  });
  const parts = ["red", "lime", "blue", "white"].map((colour, at) => ({
    input: quarter(colour),
    left: (at % 2) * right,
    top: Math.floor(at / 2) * lower,
  }));
  return sharp({ create: { width, height, channels: 3, background: "black" } })
    .composite(parts)
    .jpeg()
    .toBuffer();
}

async function pageOf({ theme = "triplets", scheme = "light", dir = "ltr", locale = "en", ratio = "4/5" }: Look) {
  const built = await esbuild.build({
    stdin: { contents: script(locale), resolveDir: extensionFolder, loader: "ts" },
    bundle: true,
    write: false,
    format: "iife",
  });
  const sheets = await Promise.all(
    ["pet-processor.css", "pet-studio.css"].map((name) => readFile(`${extensionFolder}assets/${name}`, "utf8")),
  );
  return `<!doctype html><html lang="${locale}" dir="${dir}" data-scheme="${scheme}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Crop</title>
<style>${themes[theme]?.css ?? ""}${sheets.join("\n")}</style></head>
<body><header>Paws</header><main><div><h1>Canvas portrait</h1>
<div class="pet-processor" data-block-id="crop" data-state="choosing" data-ratio="${ratio}"><div class="pet-processor__frame" data-part="frame">
<div class="pet-processor__picture" data-part="picture"></div></div></div>
<button class="button" type="button">Paint my pet</button><p style="height: 900px">Printed on cotton canvas.</p></div></main>
<script>${(built.outputFiles[0]?.text ?? "").replaceAll("</script", "<\\/script")}</script></body></html>`;
}

/** In fractions of the stage. */
export async function pointAt(page: Page, x: number, y: number) {
  const box = await page.locator('[data-part="crop"]').boundingBox();
  if (!box) throw new Error("The stage is not to be seen.");
  return { x: box.x + x * box.width, y: box.y + y * box.height };
}

export async function drag(page: Page, from: [number, number], to: [number, number]): Promise<void> {
  const [a, b] = [await pointAt(page, ...from), await pointAt(page, ...to)];
  await page.mouse.move(a.x, a.y);
  await page.mouse.down();
  await page.mouse.move((a.x + b.x) / 2, (a.y + b.y) / 2);
  await page.mouse.move(b.x, b.y);
  await page.mouse.up();
}

/** With times of its own: on a busy machine two clicks are not always close together. */
export async function doubleClick(page: Page, x: number, y: number): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  const at = { ...(await pointAt(page, x, y)), button: "left" as const };
  const start = Date.now() / 1000;
  for (const [clickCount, seconds] of [[1, 0] as const, [2, 0.1] as const]) {
    for (const [type, later] of [["mousePressed", 0] as const, ["mouseReleased", 0.05] as const]) {
      const timestamp = start + seconds + later;
      await cdp.send("Input.dispatchMouseEvent", { type, ...at, clickCount, timestamp });
    }
  }
}
