import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createSecureServer, type OutgoingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { brotliCompressSync, constants } from "node:zlib";
import type { Browser, CDPSession } from "playwright-core";
import sharp from "sharp";
import { openBrowser, phone } from "#test/browser/chromium.ts";
import { createLocalShopify } from "#test/shopify/local-shopify.ts";
import { differenceOf, type Difference } from "./difference.ts";
import { createTurns, priorityOf } from "./priority.ts";
import { openSlowLine } from "./slow-line.ts";
import { summaryOf, type Summary } from "./samples.ts";

const runs = 20;

/** The page without the block is loaded twice in each round: what these two differ by is the noise. */
const pages = {
  "dawn without the block": "theme=dawn&placement=none",
  "dawn without the block, again": "theme=dawn&placement=none",
  "dawn with the block": "theme=dawn&placement=main",
  "horizon without the block": "theme=horizon&placement=none",
  "horizon without the block, again": "theme=horizon&placement=none",
  "horizon with the block": "theme=horizon&placement=main",
};

/** Lighthouse's slow 4G. */
const mobileLine = { roundTripMs: 150, down: 200_000, up: 90_000 };

/** What a visitor feels of a page while it loads: milliseconds, and the share of the page that moved by itself. */
type Vitals = {
  largestPaintMs: number;
  blockedMs: number;
  longestTaskMs: number;
  /** The longest piece of one of our scripts, in a frame that took more than 50 ms; 0 where no such frame had any. */
  ownScriptMs: number;
  moved: number;
  /** Of the page and its stylesheets, as they came: what stands on the line before the product's picture. */
  firstBytes: number;
} & MainThread;

/** What the page's main thread did, and how often it styled the page anew; times in milliseconds of the thread's own. */
type MainThread = { stylings: number; stylingMs: number; layoutMs: number; scriptMs: number };

/**
 * The product page with our block and without it, in turns, as a phone four times slower than this machine
 * loads it on a fast mobile line with nothing in its cache: largest contentful paint, blocked time (what tasks take beyond
 * 50 ms each) and layout shift (in thousandths), as browsers define them (web.dev/vitals); and how much of the long frames
 * was ours (Long Animation Frames API, w3c.github.io/long-animation-frames).
 */
export async function measurePage(): Promise<Record<string, Summary | Difference>> {
  const shop = await createLocalShopify({ port: 0, appUrl: "http://127.0.0.1:9", apiKey: "key", apiSecret: "hush" });
  const front = await asFromShopify(shop.url);
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
    [`${name}: page and stylesheets, bytes`, summaryOf(all.map(({ firstBytes }) => firstBytes))] as const,
    [`${name}: styled, times`, summaryOf(all.map(({ stylings }) => stylings))] as const,
    [`${name}: styling, ms`, summaryOf(all.map(({ stylingMs }) => stylingMs))] as const,
    [`${name}: layout, ms`, summaryOf(all.map(({ layoutMs }) => layoutMs))] as const,
    [`${name}: all scripts, ms`, summaryOf(all.map(({ scriptMs }) => scriptMs))] as const,
  ]);
  return { ...Object.fromEntries(rows), ...differencesIn(Object.fromEntries(counted)) };
}

/** Round by round: the page with the block beside the mean of the two without it, and these two beside each other. */
function differencesIn(seen: Record<string, Vitals[]>): Record<string, Difference> {
  const rows: Record<string, Difference> = {};
  for (const theme of ["dawn", "horizon"]) {
    const [without = [], again = [], withBlock = []] = [
      "without the block",
      "without the block, again",
      "with the block",
    ].map((name) => seen[`${theme} ${name}`]);
    for (const [vital, name] of [
      ["largestPaintMs", "largest paint"],
      ["blockedMs", "blocked"],
    ] as const) {
      const of = (all: readonly Vitals[], round: number) => all[round]?.[vital] ?? NaN;
      const rounds = without.map((_, round) => round);
      const mean = (round: number) => (of(without, round) + of(again, round)) / 2;
      rows[`${theme}: ${name}, the block adds, ms`] = differenceOf(
        rounds.map((round) => of(withBlock, round) - mean(round)),
      );
      rows[`${theme}: ${name}, loading again adds, ms`] = differenceOf(
        rounds.map((round) => of(again, round) - of(without, round)),
      );
    }
  }
  return rows;
}

/**
 * Shopify's CDN speaks HTTP/2, compresses with Brotli (shopify.dev/docs/storefronts/themes/best-practices/performance/platform)
 * and gives pictures as pixels; the local one does neither. Over HTTP/1.1 a browser asks for six things at a time, and
 * whatever a block adds would stand in the way of the picture behind it. What is urgent to the browser is sent first. And
 * each answer is fetched once, in the round that warms up: what the local Shopify takes to render a block is its own time.
 */
async function asFromShopify(url: string): Promise<{ url: string; close(): Promise<void> }> {
  const answers = new Map<string, Promise<Answer>>();
  const answerTo = (path: string) => {
    if (!answers.has(path)) answers.set(path, asDelivered(`${url}${path}`));
    return answers.get(path) as Promise<Answer>;
  };
  const server = createSecureServer(ownCertificate());
  // As CDNs do: a record is read when it is whole, and the head of a page is not to wait for its end.
  server.on("secureConnection", (socket: TLSSocket) => socket.setMaxSendFragment(1_400));
  server.on("session", (session) => {
    const turns = createTurns();
    session.on("stream", (stream: ServerHttp2Stream, asked) => {
      void answerTo(asked[":path"] ?? "/").then(({ headers, body }) => {
        if (stream.destroyed) return;
        stream.respond(headers);
        void turns.send(stream, body, priorityOf(asked["priority"] as string | undefined));
      });
    });
  });
  const line = await openSlowLine((connection) => server.emit("connection", connection), mobileLine);
  return {
    url: `https://${line.host}`,
    // The browser has been closed by then, and its connections with it.
    close: () => line.close(),
  };
}

type Answer = { headers: OutgoingHttpHeaders; body: Buffer };

async function asDelivered(address: string): Promise<Answer> {
  const answer = await fetch(address, { redirect: "manual" });
  const body = Buffer.from(await answer.arrayBuffer());
  const given = new Headers(answer.headers);
  for (const name of ["connection", "keep-alive", "transfer-encoding", "content-length"]) given.delete(name);
  const headers = { ":status": answer.status, ...Object.fromEntries(given), "set-cookie": given.getSetCookie() };
  const width = new URL(address).searchParams.get("width");
  if (width)
    return { headers: { ...headers, "content-type": "image/webp" }, body: await asPixels(body, Number(width)) };
  if (/^image\/(jpeg|png)/.test(given.get("content-type") ?? "")) return { headers, body };
  const params = { [constants.BROTLI_PARAM_QUALITY]: pageQuality };
  return { headers: { ...headers, "content-encoding": "br" }, body: brotliCompressSync(body, { params }) };
}

/** What servers compress pages with while somebody waits; 11 is for what is compressed once. */
const pageQuality = 5;

/** The local Shopify's products are drawings of 3 kB; shops have photos, and a drawing in pixels is the smallest of these. */
const asPixels = (drawing: Buffer, width: number) => sharp(drawing).resize({ width }).webp().toBuffer();

/** Browsers speak HTTP/2 over TLS only. */
function ownCertificate(): { key: Buffer; cert: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), "pet-portraits-certificate-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  try {
    const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
    execFileSync("openssl", ["req", ...kind, "-subj", "/CN=127.0.0.1", "-keyout", key, "-out", cert], {
      stdio: "pipe",
    });
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function load(browser: Browser, address: string): Promise<Vitals> {
  // Without any of the other tests' interceptions: each would cost every request some time.
  const context = await browser.newContext({ ...phone, ignoreHTTPSErrors: true });
  const page = await context.newPage();
  const tools = await context.newCDPSession(page);
  await slowDown(tools);
  // In ticks of the thread: what else the machine does in the meantime is not counted.
  await tools.send("Performance.enable", { timeDomain: "threadTicks" });
  await page.addInitScript(watchVitals);
  await page.goto(address, { waitUntil: "load" });
  // Whatever comes late is still seen: images, fonts, our async script.
  await page.waitForTimeout(2_000);
  const vitals = await page.evaluate(() => (window as unknown as { vitals: Omit<Vitals, keyof MainThread> }).vitals);
  vitals.firstBytes = await page.evaluate(sumFirstBytes);
  const work = await mainThread(tools);
  await context.close();
  return { ...vitals, ...work };
}

/** Sums since the page began (chromedevtools.github.io/devtools-protocol/tot/Performance). */
async function mainThread(tools: CDPSession): Promise<MainThread> {
  const { metrics } = await tools.send("Performance.getMetrics");
  const of = (wanted: string) => metrics.find(({ name }) => name === wanted)?.value ?? NaN;
  return {
    stylings: of("RecalcStyleCount"),
    stylingMs: of("RecalcStyleDuration") * 1000,
    layoutMs: of("LayoutDuration") * 1000,
    scriptMs: of("ScriptDuration") * 1000,
  };
}

async function slowDown(line: CDPSession): Promise<void> {
  await line.send("Network.enable");
  await line.send("Network.setCacheDisabled", { cacheDisabled: true });
  await line.send("Emulation.setCPUThrottlingRate", { rate: 4 });
}

/** Runs in the page. */
function sumFirstBytes(): number {
  const came = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
  return (came as PerformanceResourceTiming[])
    .filter(({ entryType, name }) => entryType === "navigation" || new URL(name).pathname.endsWith(".css"))
    .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
}

/** Runs in the page, before anything else does. */
function watchVitals(): void {
  const vitals = { largestPaintMs: 0, blockedMs: 0, longestTaskMs: 0, ownScriptMs: 0, moved: 0, firstBytes: 0 };
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
