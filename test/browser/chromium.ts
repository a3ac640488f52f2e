import { existsSync, mkdirSync } from "node:fs";
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from "playwright-core";

/** The machine's own Chromium; playwright-core brings none. */
export function findChromium(): string | undefined {
  const places = [
    process.env.CHROMIUM_PATH,
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
  ];
  return places.find((place): place is string => place !== undefined && place !== "" && existsSync(place));
}

const quiet = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** @param keepsPages - with the back/forward cache, as every shopper's browser has it; playwright leaves it out */
export async function openBrowser({ keepsPages = false } = {}): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error("there is no Chromium");
  const ignoreDefaultArgs = keepsPages ? ["--disable-back-forward-cache"] : [];
  return chromium.launch({ executablePath, args: quiet, ignoreDefaultArgs });
}

export const phone: BrowserContextOptions = {
  viewport: { width: 375, height: 812 },
  deviceScaleFactor: 2,
  hasTouch: true,
  isMobile: true,
};
export const desktop: BrowserContextOptions = { viewport: { width: 1280, height: 900 } };

/** The shop and the app are on this machine; whatever else a page asks for is answered with nothing. */
export async function openContext(browser: Browser, options: BrowserContextOptions): Promise<BrowserContext> {
  // Shopify's library shows crawlers out, and takes headless browsers for one.
  const userAgent =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
  const context = await browser.newContext({ userAgent, reducedMotion: "reduce", ...options });
  await context.route(/^https?:\/\/(?!127\.0\.0\.1)/, (route) => route.fulfill({ status: 200, body: "" }));
  return context;
}

const screens = new URL("../output/screens/", import.meta.url).pathname;

/** Writes a picture for a person to look at: test/output/screens/. */
export async function picture(page: Page, name: string, options: { fullPage?: boolean } = {}): Promise<void> {
  mkdirSync(screens, { recursive: true });
  await page.screenshot({ path: `${screens}${name}.png`, fullPage: options.fullPage ?? false, animations: "disabled" });
}
