import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { openBrowser } from "./browser.ts";
import type { Script } from "./fake-storefront.ts";
import { startPageServer } from "./page-server.ts";

/**
 * Takes a picture of every state for a person to look at: `node test/extension/harness/look.ts FOLDER [theme] [scheme] [shot]
 * [size]`.
 * Not a test: whether it is beautiful is not for a machine to say.
 */
const [, , folder = "/tmp/widget", onlyTheme, onlyScheme, onlyShot = "", onlySize = ""] = process.argv;
const photo = fileURLToPath(new URL("../../photos/dog.webp", import.meta.url));

type Shot = { name: string; script?: Partial<Script>; query?: string; go(page: Page): Promise<void> };

const choose = async (page: Page) => {
  await page.locator('input[type="file"]').first().setInputFiles(photo);
  await page.waitForSelector('pet-processor[data-state="choosing"], pet-processor[data-state="blocked"]');
};
const press = (page: Page, what: string) => page.locator(`[data-do="${what}"]:visible`).first().click();
const until = (page: Page, state: string) => page.waitForSelector(`pet-processor[data-state="${state}"]`);
const quick = { stageMs: 20, estimateMs: 80 };
const paint = async (page: Page) => {
  await choose(page);
  await press(page, "paint");
};

const shots: Shot[] = [
  { name: "01-empty", go: async () => {} },
  {
    name: "02-reading",
    go: async (page) => {
      await page.route("**/session**", () => {});
      await page.locator('input[type="file"]').first().setInputFiles(photo);
      await until(page, "reading");
      await page.waitForTimeout(400);
    },
  },
  { name: "03-choosing", go: choose },
  { name: "04-choosing-few", script: { used: 3 }, go: choose },
  {
    name: "05-working",
    script: { stageMs: 3000, estimateMs: 12_000 },
    go: async (page) => {
      await paint(page);
      await until(page, "working");
      await page.waitForTimeout(3800);
    },
  },
  {
    name: "06-result",
    script: quick,
    go: async (page) => {
      await paint(page);
      await until(page, "result");
    },
  },
  {
    name: "07-result-kept-last",
    script: { ...quick, used: 3, backgroundKept: true, painter: "gemini" },
    go: async (page) => {
      await paint(page);
      await until(page, "result");
    },
  },
  {
    name: "08-another-style",
    script: quick,
    go: async (page) => {
      await paint(page);
      await until(page, "result");
      await press(page, "style");
    },
  },
  {
    name: "09-added",
    script: quick,
    query: "&ajax",
    go: async (page) => {
      await paint(page);
      await until(page, "result");
      await page.locator("form button").click();
      await until(page, "added");
    },
  },
  { name: "10-blocked-day", script: { used: 5 }, go: choose },
  {
    name: "11-blocked-busy",
    script: {
      ...quick,
      refusals: [{ path: "portraits", status: 503, code: "busy", headers: { "retry-after": "600" } }],
    },
    go: async (page) => {
      await paint(page);
      await until(page, "blocked");
    },
  },
  {
    name: "12-pending",
    script: { used: 5 },
    go: async (page) => {
      await choose(page);
      await press(page, "after");
      await until(page, "pending");
    },
  },
  {
    name: "13-trouble",
    script: {
      ...quick,
      failsWith: {
        code: "safety",
        message: "The painter would not paint this photo. Another photo usually works.",
        retryable: false,
      },
    },
    go: async (page) => {
      await paint(page);
      await until(page, "trouble");
    },
  },
  {
    name: "14-offline",
    script: quick,
    go: async (page) => {
      await choose(page);
      await page.context().setOffline(true);
      await press(page, "paint");
      await until(page, "trouble");
    },
  },
  {
    name: "15-stopped",
    go: async (page) => {
      await page.locator("form button").click();
    },
  },
  {
    name: "16-refused",
    go: async (page) => {
      await page
        .locator('input[type="file"]')
        .first()
        .setInputFiles({
          name: "pet.heic",
          mimeType: "image/heic",
          buffer: Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic"),
        });
      await page.waitForSelector('[data-part="notice"]:not([hidden])');
    },
  },
  { name: "17-editor", query: "&editor", go: async (page) => until(page, "choosing").then(() => {}) },
  {
    name: "18-restored",
    script: quick,
    go: async (page) => {
      await paint(page);
      await until(page, "result");
      await page.reload();
      await until(page, "result");
    },
  },
];

const sizes = { phone: { width: 375, height: 812 }, desktop: { width: 1280, height: 900 } };

async function take(page: Page, shot: Shot, where: string): Promise<void> {
  await shot.go(page);
  await page.waitForTimeout(450);
  await page.screenshot({ path: `${folder}/${shot.name}-${where}.png`, fullPage: true });
}

const print = (line: string) => void process.stdout.write(`${line}\n`);

async function photograph(browser: Browser, shot: Shot, look: { theme: string; scheme: string; size: string }) {
  const { theme, scheme, size } = look;
  const server = await startPageServer(shot.script);
  const touch = size === "phone" ? { hasTouch: true, isMobile: true } : {};
  const context = await browser.newContext({ viewport: sizes[size as keyof typeof sizes], ...touch });
  const page = await context.newPage();
  page.on("pageerror", (error) => print(`${shot.name}: ${error.message}`));
  await page.goto(`${server.url}/products/canvas?theme=${theme}&scheme=${scheme}${shot.query ?? ""}`);
  await take(page, shot, `${theme}-${scheme}-${size}`).catch((error: unknown) =>
    print(`${shot.name}: ${String(error)}`),
  );
  await context.close();
  await server.close();
}

const wanted = (all: string[], only = "") => all.filter((name) => name.includes(only));
const looks = wanted(["triplets", "colours", "plain"], onlyTheme).flatMap((theme) =>
  wanted(["light", "dark"], onlyScheme).flatMap((scheme) =>
    wanted(Object.keys(sizes), onlySize).map((size) => ({ theme, scheme, size })),
  ),
);

mkdirSync(folder, { recursive: true });
const browser = await openBrowser();
for (const look of looks) {
  for (const shot of shots.filter(({ name }) => new RegExp(onlyShot).test(name))) await photograph(browser, shot, look);
}
await browser.close();
