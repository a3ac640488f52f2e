import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import sharp from "sharp";
import { catPhoto, choosePhoto, dogPhoto, paintPortrait, press, until } from "./browser.ts";
import type { Script } from "./fake-storefront.ts";
import { startPageServer } from "./page-server.ts";

/** A state in which a shopper can meet the studio, and the way there. */
export type State = {
  name: string;
  script?: Partial<Script>;
  settings?: Record<string, unknown>;
  query?: string;
  go(page: Page): Promise<unknown>;
};

const quick = { stageMs: 20, estimateMs: 80 };
const unhurried = { stageMs: 3_000, estimateMs: 12_000 };
const part = (page: Page, name: string) => page.locator(`[data-part="${name}"]`).first();
const fileInput = (page: Page) => page.locator('pet-processor input[type="file"]').first();
const wish = async (page: Page, state: string) => {
  await choosePhoto(page);
  await press(page, "paint");
  await until(page, state);
};
const nearer = async (page: Page) => {
  for (let times = 0; times < 4; times++) await page.locator('[data-crop="in"]').click();
};
const afterPainting = (go: (page: Page) => Promise<unknown>) => async (page: Page) => {
  await paintPortrait(page);
  await go(page);
};

export const states: State[] = [
  { name: "empty", go: async () => {} },
  { name: "empty-privacy", go: (page) => page.locator(".pet-processor__privacy summary").click() },
  {
    name: "empty-own-texts",
    settings: {
      heading: "Paws on canvas",
      text_hint: "The best one has both ears in it, and light from a window",
      text_choose: "Show us your friend",
      text_privacy: "Our studio keeps your photo for a week.\nThen it is gone.",
    },
    go: (page) => page.locator(".pet-processor__privacy summary").click(),
  },
  { name: "stopped-without-portrait", go: (page) => page.locator('form[action="/cart/add"] button').click() },
  {
    name: "photo-refused",
    go: async (page) => {
      const buffer = Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic");
      await fileInput(page).setInputFiles({ name: "pet.heic", mimeType: "image/heic", buffer });
      await page.waitForSelector('[data-part="notice"]:not([hidden])');
    },
  },
  {
    name: "reading",
    go: async (page) => {
      await page.route("**/session**", () => {});
      await fileInput(page).setInputFiles(dogPhoto);
      await until(page, "reading");
    },
  },
  { name: "choosing", go: choosePhoto },
  { name: "choosing-few-left", script: { used: 3 }, go: choosePhoto },
  {
    name: "choosing-small-photo",
    go: async (page) => {
      const buffer = await sharp(dogPhoto).resize(400, 400).jpeg().toBuffer();
      await choosePhoto(page, { name: "small.jpg", mimeType: "image/jpeg", buffer });
      await page.waitForSelector('[data-part="flaw"]:not([hidden])');
    },
  },
  {
    name: "choosing-two-pets-cropped",
    go: async (page) => {
      await choosePhoto(page);
      await page.locator("input[data-beside]").setInputFiles(catPhoto);
      await page.waitForFunction(() => document.querySelectorAll('[data-pet="show"]').length === 2);
      await nearer(page);
    },
  },
  { name: "working", script: unhurried, go: (page) => wish(page, "working") },
  {
    name: "working-cropped",
    script: unhurried,
    go: async (page) => {
      await choosePhoto(page);
      await nearer(page);
      await press(page, "paint");
      await until(page, "working");
    },
  },
  { name: "result", script: quick, go: paintPortrait },
  {
    name: "result-kept-background-last",
    script: { ...quick, used: 3, backgroundKept: true, painter: "gemini" },
    go: paintPortrait,
  },
  { name: "result-compared", script: quick, go: afterPainting((page) => part(page, "compare-slider").fill("55")) },
  {
    name: "result-near",
    script: quick,
    go: afterPainting(async (page) => {
      await part(page, "zoom-open").click();
      await part(page, "zoom-in").click();
    }),
  },
  {
    name: "result-on-the-product",
    script: quick,
    settings: { print_image: "/product.svg", print_width: 50, print_x: 25, print_y: 15 },
    go: afterPainting((page) => part(page, "result-on-product").click()),
  },
  {
    name: "result-words",
    script: quick,
    go: afterPainting(async (page) => {
      await page.locator(".pet-processor__more summary").click();
      await part(page, "pet-name").fill("Rex");
      await part(page, "note").fill("He has one white paw, front left. Please keep it.");
    }),
  },
  {
    name: "result-earlier",
    script: quick,
    go: afterPainting(async (page) => {
      await press(page, "take");
      // It opens by itself once there is another one to choose from.
      await page.waitForSelector('[data-part="result-strip"]:not([hidden])');
    }),
  },
  { name: "result-delete", script: quick, go: afterPainting((page) => part(page, "result-forget").click()) },
  {
    name: "result-deleted",
    script: quick,
    go: afterPainting(async (page) => {
      await part(page, "result-forget").click();
      await part(page, "result-forget-yes").click();
      await until(page, "empty");
    }),
  },
  {
    name: "result-restored",
    script: quick,
    go: afterPainting(async (page) => {
      await page.reload();
      await until(page, "result");
    }),
  },
  { name: "another-style", script: quick, go: afterPainting((page) => press(page, "style")) },
  {
    name: "added",
    script: quick,
    query: "&ajax",
    go: afterPainting(async (page) => {
      await page.locator('form[action="/cart/add"] button').click();
      await until(page, "added");
    }),
  },
  { name: "blocked-for-today", script: { used: 5 }, go: choosePhoto },
  {
    name: "blocked-busy",
    script: {
      ...quick,
      refusals: [{ path: "portraits", method: "POST", status: 503, code: "busy", headers: { "retry-after": "600" } }],
    },
    go: (page) => wish(page, "blocked"),
  },
  {
    name: "pending",
    script: { used: 5 },
    go: async (page) => {
      await choosePhoto(page);
      await press(page, "after");
      await until(page, "pending");
    },
  },
  {
    name: "trouble",
    script: {
      ...quick,
      failsWith: {
        code: "safety",
        message: "The painter would not paint this photo. Another photo usually works.",
        retryable: false,
      },
    },
    go: (page) => wish(page, "trouble"),
  },
  {
    name: "trouble-offline",
    script: quick,
    go: async (page) => {
      await choosePhoto(page);
      await page.context().setOffline(true);
      await press(page, "paint");
      await until(page, "trouble");
    },
  },
  { name: "theme-editor", query: "&editor", go: (page) => until(page, "choosing") },
];

export type Look = {
  theme: string;
  scheme: string;
  dir?: "ltr" | "rtl";
  context: BrowserContextOptions;
};

/** Leads a new shopper into the state, on a shop of their own. `faults`: what the page complained about. */
export async function visitState(
  browser: Browser,
  state: State,
  { theme, scheme, dir = "ltr", context: options }: Look,
) {
  const server = await startPageServer(state.script);
  Object.assign(server.settings, state.settings);
  const context = await browser.newContext({ reducedMotion: "reduce", ...options });
  const end = async () => {
    await context.close();
    await server.close();
  };
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  const looks = new URLSearchParams({ theme, scheme, dir, ...(dir === "rtl" ? { locale: "ar" } : {}) });
  try {
    await page.goto(`${server.url}/products/canvas?${looks}${state.query ?? ""}`);
    await state.go(page);
    return { page, faults, end };
  } catch (error) {
    await end();
    throw error;
  }
}
