import AxeBuilder from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  catPhoto,
  choosePhoto,
  dogPhoto,
  formProperties,
  hasChromium,
  openBrowser,
  paintPortrait,
  press,
  until,
} from "./harness/browser.ts";
import type { Script } from "./harness/fake-storefront.ts";
import { startPageServer, type PageServer } from "./harness/page-server.ts";

/** The real block, its real scripts and a real browser, against the scripted storefront. */
describe.runIf(hasChromium)("the studio in a browser", { timeout: 60_000 }, () => {
  let browser: Browser;
  let server: PageServer;
  let page: Page;
  let faults: string[];

  async function visit(
    script: Partial<Script> = {},
    options: { query?: string; settings?: Record<string, unknown> } = {},
  ) {
    server = await startPageServer({ stageMs: 30, estimateMs: 120, ...script });
    Object.assign(server.settings, options.settings);
    const context = await browser.newContext({ viewport: { width: 800, height: 900 } });
    page = await context.newPage();
    faults = [];
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (said) => said.type() === "error" && faults.push(said.text()));
    await page.goto(`${server.url}/products/canvas?${options.query ?? ""}`);
  }

  const calls = () => server.storefront.calls.map(({ method, path }) => `${method} ${path.replace(/por_\d+/, "ID")}`);
  const addToCart = () => page.locator('form[action="/cart/add"] button').click();
  const notice = () => page.locator('[data-part="notice-text"]').textContent();
  const focused = () =>
    page.evaluate(() => document.activeElement?.textContent?.trim() || document.activeElement?.tagName);

  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    await page.context().close();
    await server.close();
  });

  it("asks nothing of the server before somebody does something", async () => {
    await visit();
    await page.waitForTimeout(300);
    expect([calls(), faults]).toEqual([[], []]);
  });

  it("paints a portrait, carries it into the cart and clears the form afterwards", async () => {
    await visit({}, { query: "ajax" });
    const heard = page.evaluate(
      () =>
        new Promise<string[]>((resolve) => {
          const seen: string[] = [];
          const names = ["pet-processor:photo", "pet-processor:portrait", "pet-processor:cart"];
          for (const name of names) document.addEventListener(name, () => seen.push(name) === 3 && resolve(seen));
        }),
    );
    await paintPortrait(page);
    expect((await heard).sort()).toEqual(["pet-processor:cart", "pet-processor:photo", "pet-processor:portrait"]);
    await page.getByLabel("Your pet’s name").fill("Momo");
    await addToCart();
    await until(page, "added");
    const [portrait] = server.storefront.portraits();
    expect(server.cart.map(({ properties }) => properties)).toEqual([
      {
        Style: "Modern",
        Pet: "Momo",
        _pet_portrait_id: portrait?.id,
        _pet_portrait_url: portrait?.image?.url,
        _pet_portrait_status: "ready",
      },
    ]);
    expect([await formProperties(page), faults]).toEqual([{}, []]);
    await addToCart();
    expect(await notice()).toContain("already in your cart");
    await press(page, "again");
    expect(Object.keys(await formProperties(page))).toHaveLength(5);
  });

  it("stops a product that needs a portrait, and leads to what is missing", async () => {
    await visit();
    await addToCart();
    expect(await notice()).toContain("Choose a photo of your pet first");
    expect(await page.evaluate(() => document.activeElement?.matches('input[type="file"]'))).toBe(true);
    await choosePhoto(page);
    await addToCart();
    expect(await focused()).toBe("Paint my pet");
    expect(server.cart).toEqual([]);
  });

  it("lets a product go where a portrait is an extra, but not while one is being painted", async () => {
    await visit({ stageMs: 20_000 }, { query: "ajax", settings: { required: false } });
    await addToCart();
    await expect.poll(() => server.cart.length).toBe(1);
    await choosePhoto(page);
    await press(page, "paint");
    await until(page, "working");
    await addToCart();
    expect([server.cart.length, await notice()]).toEqual([1, expect.stringContaining("still being painted")]);
    await press(page, "cancel");
    await until(page, "choosing");
    await expect.poll(() => server.storefront.portraits()[0]?.status).toBe("cancelled");
  });

  it("finds the work under way again after a reload, and sends no photo twice", async () => {
    await visit({ stageMs: 500 });
    await choosePhoto(page);
    await press(page, "paint");
    await page.waitForSelector('[data-part="stage"]:has-text("Cutting out")');
    await page.reload();
    await until(page, "result");
    expect(calls().filter((call) => call === "POST photos")).toHaveLength(1);
    expect(await formProperties(page)).toMatchObject({ "properties[_pet_portrait_status]": "ready" });
    await press(page, "take");
    await until(page, "working");
    await until(page, "result");
    expect(calls().filter((call) => call === "POST photos")).toHaveLength(1);
  });

  it("never carries the portrait of one product on another", async () => {
    await visit();
    await paintPortrait(page);
    await page.goto(`${server.url}/products/mug`);
    await page.waitForTimeout(300);
    expect(await formProperties(page)).toEqual({});
    await addToCart();
    expect([server.cart.length, await notice()]).toEqual([0, expect.stringContaining("Choose a photo")]);
  });

  it("lets a new photo take the old portrait out of the form at once", async () => {
    await visit();
    await paintPortrait(page);
    await page.locator('pet-processor input[type="file"]').first().setInputFiles(catPhoto);
    await until(page, "choosing");
    expect(await formProperties(page)).toEqual({});
  });

  it("knows after coming back from the cart that the portrait is in it", async () => {
    await visit();
    await paintPortrait(page);
    await addToCart();
    await page.waitForURL("**/cart");
    await page.goBack();
    await until(page, "added");
    expect(await formProperties(page)).toEqual({});
  });

  it("goes on in the new element when the theme renders the section anew", async () => {
    await visit({ stageMs: 400 });
    await choosePhoto(page);
    await press(page, "paint");
    await until(page, "working");
    await page.evaluate(async () => {
      const html = await (await fetch(location.href)).text();
      const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("main");
      document.querySelector("main")?.replaceWith(document.adoptNode(fresh as Element));
    });
    await until(page, "working");
    // The photo is still there, which only the same studio can know.
    await page.waitForSelector('[data-part="picture"] img[data-kind="photo"]');
    await until(page, "result");
    expect(Object.keys(await formProperties(page))).toHaveLength(4);
    expect(calls().filter((call) => call === "POST portraits")).toHaveLength(1);
  });

  it("is not disturbed by a theme that morphs its attributes back, and starts afresh with another product", async () => {
    await visit();
    await paintPortrait(page);
    const root = page.locator("pet-processor");
    await root.evaluate((element) => (element.setAttribute("data-state", "empty"), element.removeAttribute("style")));
    expect(await root.getAttribute("data-state")).toBe("result");
    expect(await root.evaluate((element) => (element as HTMLElement).style.getPropertyValue("--pet-ground"))).toMatch(
      /rgb/,
    );
    await root.evaluate((element) => element.setAttribute("data-product-id", "222"));
    await until(page, "empty");
    expect(await formProperties(page)).toEqual({});
  });

  it("takes a bought portrait out of the form when the page comes back from the back/forward cache", async () => {
    await visit();
    await paintPortrait(page);
    const [portrait] = server.storefront.portraits();
    const comeBack = () =>
      page.evaluate(() => window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
    await comeBack();
    await expect.poll(() => formProperties(page).then(Object.keys)).toHaveLength(4);
    server.cart.push({ id: "9", quantity: "1", properties: { _pet_portrait_id: portrait?.id ?? "" } });
    await comeBack();
    await until(page, "added");
    expect(await formProperties(page)).toEqual({});
  });

  it("never blocks the sale at zero: the photo is kept and the order goes on", async () => {
    await visit({ used: 5 });
    await choosePhoto(page);
    expect(await page.locator('[data-part="blocked"]').textContent()).toMatch(/New ones from .*\d/);
    await press(page, "after");
    await until(page, "pending");
    await addToCart();
    await page.waitForURL("**/cart");
    expect(server.cart[0]?.properties).toMatchObject({ Style: "Modern", _pet_portrait_status: "pending" });
    expect(server.cart[0]?.properties).not.toHaveProperty("_pet_portrait_url");
  });

  it("keeps photo and choices offline, and goes on by itself", async () => {
    await visit();
    await choosePhoto(page);
    await page.getByText("Sketch", { exact: true }).click();
    await page.context().setOffline(true);
    await press(page, "paint");
    await until(page, "trouble");
    expect(await page.locator('[data-part="trouble"]').textContent()).toContain("offline");
    await page.context().setOffline(false);
    await until(page, "result");
    expect(server.storefront.portraits()[0]?.style).toBe("pen_and_marker");
  });

  it("takes a photo that was picked before its script was there", async () => {
    await visit();
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route("**/pet-processor.js*", async (route) => (await held, route.continue()));
    await page.goto(`${server.url}/products/canvas?late`, { waitUntil: "domcontentloaded" });
    await page.locator('pet-processor input[type="file"]').first().setInputFiles(dogPhoto);
    release();
    await until(page, "choosing");
  });

  it("waits for its own content where the script is faster than the page", async () => {
    await visit();
    await page.goto(`${server.url}/products/canvas?slow`, { waitUntil: "commit" });
    await page.waitForFunction(() => customElements.get("pet-processor") && document.querySelector("pet-processor"));
    await choosePhoto(page);
    expect(faults).toEqual([]);
  });

  it("says so and can try again where the second script does not come", async () => {
    await visit();
    let broken = true;
    await page.route("**/pet-studio.js*", (route) => (broken ? route.abort() : route.continue()));
    await page.locator('pet-processor input[type="file"]').first().setInputFiles(dogPhoto);
    await page.waitForSelector('[data-part="notice"]:not([hidden])');
    broken = false;
    await page.locator('[data-part="notice-retry"]').click();
    await until(page, "choosing");
  });

  it("shows everything and sends nothing in the theme editor", async () => {
    await visit({}, { query: "editor" });
    await until(page, "choosing");
    expect(await page.locator(".pet-processor__card").allTextContents()).toHaveLength(2);
    await press(page, "paint");
    await page.waitForTimeout(300);
    expect([calls(), faults]).toEqual([[], []]);
  });

  it("moves nothing below by itself: not while painting, not on the result, not when restored", async () => {
    await visit({ stageMs: 250 });
    await page.setViewportSize({ width: 480, height: 900 });
    const shift = () =>
      page.evaluate(
        () =>
          new Promise<number>((resolve) => {
            new PerformanceObserver((list) => {
              const entries = list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[];
              resolve(
                entries.filter(({ hadRecentInput }) => !hadRecentInput).reduce((sum, { value }) => sum + value, 0),
              );
            }).observe({ type: "layout-shift", buffered: true });
            setTimeout(() => resolve(0), 400);
          }),
      );
    // In the document, not on the screen: a browser scrolls along when something above grows.
    const top = () =>
      page.locator('form[action="/cart/add"]').evaluate((form) => form.getBoundingClientRect().top + scrollY);
    await choosePhoto(page);
    await press(page, "paint");
    await until(page, "working");
    const before = await top();
    await until(page, "result");
    expect(await top()).toBe(before);
    await page.reload();
    await until(page, "result");
    expect(await shift()).toBeLessThan(0.01);
  });

  it("is led through by keyboard and ear", async () => {
    await visit({ stageMs: 150 });
    await choosePhoto(page);
    expect(await focused()).toBe("Choose a style");
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowRight");
    expect(await page.evaluate(() => (document.activeElement as HTMLInputElement).value)).toBe("pen_and_marker");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await until(page, "working");
    expect(await focused()).toBe("Painting your portrait");
    await until(page, "result");
    expect(await focused()).toBe("Your portrait, Sketch");
    expect(await page.locator('[data-part="live"]').textContent()).toContain("Your portrait, Sketch");
  });

  it.each(["light", "dark"])("has no accessibility fault in the %s scheme, in any state", async (scheme) => {
    await visit({ used: 3, backgroundKept: true }, { query: `theme=triplets&scheme=${scheme}` });
    const check = async () => {
      const { violations } = await new AxeBuilder({ page })
        .include("pet-processor")
        .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
        .analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`)).toEqual([]);
    };
    await check();
    await choosePhoto(page);
    await check();
    await press(page, "paint");
    await until(page, "result");
    await check();
    await addToCart();
    await page.waitForURL("**/cart");
    await page.goBack();
    await until(page, "added");
    await check();
  });
});
