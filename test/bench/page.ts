import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { compress } from "hono/compress";
import type { Browser, CDPSession } from "playwright-core";
import { openBrowser, openContext, phone } from "#test/browser/chromium.ts";
import { createLocalShopify } from "#test/shopify/local-shopify.ts";
import { summaryOf, type Summary } from "./samples.ts";

const runs = 10;
const pages = {
  "dawn without the block": "theme=dawn&placement=none",
  "dawn with the block": "theme=dawn&placement=main",
  "horizon without the block": "theme=horizon&placement=none",
  "horizon with the block": "theme=horizon&placement=main",
};

/** What a visitor feels of a page while it loads: milliseconds, and the share of the page that moved by itself. */
type Vitals = {
  largestPaintMs: number;
  blockedMs: number;
  longestTaskMs: number;
  /** The longest piece of one of our scripts, in a frame that took more than 50 ms; 0 where no such frame had any. */
  ownScriptMs: number;
  moved: number;
};

/**
 * The product page with our block and without it, one after the other, as a phone four times slower than this machine
 * loads it on a fast mobile line with nothing in its cache: largest contentful paint, blocked time (what tasks take beyond
 * 50 ms each) and layout shift (in thousandths), as browsers define them (web.dev/vitals); and how much of the long frames
 * was ours (Long Animation Frames API, w3c.github.io/long-animation-frames).
 */
export async function measurePage(): Promise<Record<string, Summary>> {
  const shop = await createLocalShopify({ port: 0, appUrl: "http://127.0.0.1:9", apiKey: "key", apiSecret: "hush" });
  const front = await compressing(shop.url);
  const browser = await openBrowser();
  const seen: Record<string, Vitals[]> = {};
  try {
    for (let run = 0; run <= runs; run++) {
      for (const [name, query] of Object.entries(pages)) {
        (seen[name] ??= []).push(await load(browser, `${front.url}/products/pet-canvas?${query}`));
      }
    }
  } finally {
    await browser.close();
    await front.close();
    await shop.close();
  }
  // The first round only warms up.
  const counted = Object.entries(seen).map(([name, all]) => [name, all.slice(1)] as const);
  const rows = counted.flatMap(([name, all]) => [
    [`${name}: largest paint, ms`, summaryOf(all.map(({ largestPaintMs }) => largestPaintMs))] as const,
    [`${name}: blocked, ms`, summaryOf(all.map(({ blockedMs }) => blockedMs))] as const,
    [`${name}: longest task, ms`, summaryOf(all.map(({ longestTaskMs }) => longestTaskMs))] as const,
    [`${name}: our script, ms`, summaryOf(all.map(({ ownScriptMs }) => ownScriptMs))] as const,
    [`${name}: moved, thousandths`, summaryOf(all.map(({ moved }) => moved * 1000))] as const,
  ]);
  return Object.fromEntries(rows);
}

/** Shopify compresses what it sends; the local one does not, and a page's markup would weigh five times as much. */
async function compressing(url: string): Promise<{ url: string; close(): Promise<void> }> {
  const app = new Hono().use(compress()).all("*", async ({ req }) => {
    const { pathname, search } = new URL(req.url);
    const { body, status, headers } = await fetch(`${url}${pathname}${search}`, { redirect: "manual" });
    return new Response(body, { status, headers });
  });
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const server = createServer((incoming, outgoing) => void listener(incoming, outgoing));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function load(browser: Browser, address: string): Promise<Vitals> {
  const context = await openContext(browser, phone);
  const page = await context.newPage();
  await slowDown(await context.newCDPSession(page));
  await page.addInitScript(watchVitals);
  await page.goto(address, { waitUntil: "load" });
  // Whatever comes late is still seen: images, fonts, our async script.
  await page.waitForTimeout(2_000);
  const vitals = await page.evaluate(() => (window as unknown as { vitals: Vitals }).vitals);
  await context.close();
  return vitals;
}

async function slowDown(line: CDPSession): Promise<void> {
  await line.send("Network.enable");
  await line.send("Network.setCacheDisabled", { cacheDisabled: true });
  const speed = { latency: 150, downloadThroughput: 200_000, uploadThroughput: 90_000 };
  await line.send("Network.emulateNetworkConditions", { offline: false, ...speed });
  await line.send("Emulation.setCPUThrottlingRate", { rate: 4 });
}

/** Runs in the page, before anything else does. */
function watchVitals(): void {
  const vitals = { largestPaintMs: 0, blockedMs: 0, longestTaskMs: 0, ownScriptMs: 0, moved: 0 };
  Object.assign(window, { vitals });
  const observe = (type: string, hear: (entry: PerformanceEntry) => void) =>
    new PerformanceObserver((list) => list.getEntries().forEach(hear)).observe({ type, buffered: true });
  observe("largest-contentful-paint", ({ startTime }) => (vitals.largestPaintMs = startTime));
  observe("longtask", ({ duration }) => {
    vitals.blockedMs += Math.max(0, duration - 50);
    vitals.longestTaskMs = Math.max(vitals.longestTaskMs, duration);
  });
  observe("long-animation-frame", (entry) => {
    const { scripts } = entry as PerformanceEntry & { scripts: { sourceURL: string; duration: number }[] };
    for (const { sourceURL, duration } of scripts)
      if (sourceURL.includes("/extensions/")) vitals.ownScriptMs = Math.max(vitals.ownScriptMs, duration);
  });
  observe("layout-shift", (entry) => {
    const shift = entry as PerformanceEntry & { value: number; hadRecentInput: boolean };
    if (!shift.hadRecentInput) vitals.moved += shift.value;
  });
}
