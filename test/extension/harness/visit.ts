import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import { openBrowser } from "#test/browser/chromium.ts";
import type { Script } from "./fake-storefront.ts";
import { startPageServer, type PageServer } from "./page-server.ts";

export type Visit = {
  server: PageServer;
  page: Page;
  /** What the page complained about. */
  faults: string[];
  /** What reached the storefront, as `GET portraits/ID`. */
  calls(): string[];
  addToCart(): Promise<void>;
  /** The sentence above the frame. */
  notice(): Promise<string | null>;
  end(): Promise<void>;
};

export type VisitOptions = {
  script?: Partial<Script>;
  query?: string;
  settings?: Record<string, unknown>;
  context?: BrowserContextOptions;
};

/** A shopper's visit to the product page of a shop of its own, with a quick painter unless the script says otherwise. */
export async function openVisit(browser: Browser, options: VisitOptions = {}): Promise<Visit> {
  const server = await startPageServer({ stageMs: 30, estimateMs: 120, ...options.script });
  Object.assign(server.settings, options.settings);
  const context = await browser.newContext({ viewport: { width: 800, height: 900 }, ...options.context });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (said) => said.type() === "error" && faults.push(said.text()));
  await page.goto(`${server.url}/products/canvas?${options.query ?? ""}`);
  return {
    server,
    page,
    faults,
    calls: () => server.storefront.calls.map(({ method, path }) => `${method} ${path.replace(/por_\d+/, "ID")}`),
    addToCart: () => page.locator('form[action="/cart/add"] button').click(),
    notice: () => page.locator(`[data-part="notice-text"]`).first().textContent(),
    async end() {
      await context.close();
      await server.close();
    },
  };
}

/**
 * A browser for the tests of a `describe`, and for each of them a visit that ends with it.
 *
 * @param always - what holds for every visit; `keepsPages`: with the back/forward cache
 */
export function shopping({ keepsPages = false, ...always }: VisitOptions & { keepsPages?: boolean } = {}) {
  let browser: Browser | undefined;
  let shopper: Visit | undefined;

  beforeAll(async () => {
    browser = await openBrowser({ keepsPages });
  });
  afterAll(() => browser?.close());
  afterEach(() => shopper?.end());

  return {
    async visit(options: VisitOptions = {}): Promise<Visit> {
      if (browser === undefined) throw new Error("a visit needs a test around it");
      shopper = await openVisit(browser, { ...always, ...options });
      return shopper;
    },
    /** The visit of the test that runs. */
    shopper(): Visit {
      if (shopper === undefined) throw new Error("nobody has come yet");
      return shopper;
    },
  };
}
