import AxeBuilder from "@axe-core/playwright";
import type { Browser, CDPSession, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { hasChromium, openBrowser } from "./harness/browser.ts";
import { openResultPage, type ResultPage, type ResultPageOptions } from "./harness/result-page.ts";

const part = (page: Page, name: string) => page.locator(`[data-part="${name}"]`);
const phone = { viewport: { width: 375, height: 700 }, hasTouch: true, isMobile: true };
const focused = (page: Page) => page.evaluate(() => (document.activeElement as HTMLElement).dataset["part"]);

/** One finger, or two, along a way: what a touch screen sends. */
async function touch(cdp: CDPSession, way: { x: number; y: number }[][]): Promise<void> {
  const [first = [], ...rest] = way;
  await cdp.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: first });
  for (const touchPoints of rest) await cdp.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints });
  await cdp.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
}

const line = (from: { x: number; y: number }, by: { x: number; y: number }) =>
  Array.from({ length: 9 }, (_, at) => [{ x: from.x + (by.x * at) / 8, y: from.y + (by.y * at) / 8 }]);

describe.runIf(hasChromium)("the portrait in its frame", { timeout: 60_000 }, () => {
  let browser: Browser;
  let open: ResultPage;

  async function visit(options: ResultPageOptions = {}): Promise<ResultPage> {
    open = await openResultPage(browser, options);
    return open;
  }
  const withPhoto = async (options: ResultPageOptions = {}) => {
    const opened = await visit(options);
    await opened.show();
    await part(opened.page, "compare").waitFor();
    return opened;
  };
  const slider = () => part(open.page, "compare-slider");
  const share = async () => Number(await slider().inputValue());
  const clip = () => part(open.page, "compare-photo").evaluate((photo) => photo.style.clipPath);
  const check = async () => {
    const { violations } = await new AxeBuilder({ page: open.page })
      .include("pet-processor")
      .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
      .analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`)).toEqual([]);
  };

  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    expect(open.faults).toEqual([]);
    expect([...open.hosts]).toEqual([new URL(open.server.url).host]);
    await open.end();
  });

  it("starts as the portrait alone and shows the photo by keyboard, in words", async () => {
    const { page } = await withPhoto();
    expect([await share(), await clip()]).toEqual([0, "inset(0px 100% 0px 0px)"]);
    const named = page.getByRole("slider", { name: "Compare with your photo" });
    expect(await named.getAttribute("aria-valuetext")).toBe("Photo 0%, portrait 100%");
    await named.focus();
    for (const key of ["PageUp", "PageUp", "PageUp", "ArrowRight"]) await page.keyboard.press(key);
    expect(await named.getAttribute("aria-valuetext")).toBe("Photo 31%, portrait 69%");
    expect(await clip()).toBe("inset(0px 69% 0px 0px)");
    await page.keyboard.press("Home");
    expect(await share()).toBe(0);
  });

  it("follows the mouse from wherever it takes hold, and starts anew with another portrait", async () => {
    const { page, portraits, show } = await withPhoto({ earlier: 2 });
    await slider().scrollIntoViewIfNeeded();
    const box = await slider().boundingBox();
    if (!box) throw new Error("no slider");
    await page.mouse.move(box.x + box.width * 0.2, box.y + 200);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + 260, { steps: 4 });
    await page.mouse.up();
    expect(Math.abs((await share()) - 60)).toBeLessThanOrEqual(1);
    await show({ before: null });
    expect(await part(page, "compare").isVisible()).toBe(false);
    await show({ portrait: portraits[1] ?? null });
    await part(page, "compare").waitFor();
    expect(await share()).toBe(0);
  });

  it("follows a finger to the side and lets one that goes up scroll the page", async () => {
    const { page } = await withPhoto({ context: phone });
    await slider().scrollIntoViewIfNeeded();
    const cdp = await page.context().newCDPSession(page);
    const box = await slider().boundingBox();
    if (!box) throw new Error("no slider");
    const start = { x: box.x + 60, y: box.y + box.height / 2 };
    await touch(cdp, line(start, { x: box.width / 2, y: 6 }));
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('[type="range"]')?.value !== "0");
    const shown = await share();
    expect(shown).toBeGreaterThan(40);
    const top = await page.evaluate(() => scrollY);
    await touch(cdp, line(start, { x: 4, y: -160 }));
    await page.waitForFunction((before) => scrollY > before + 60, top);
    expect(await share()).toBe(shown);
  });

  it("reads from the right where the page does", async () => {
    const { page } = await withPhoto({ dir: "rtl", locale: "ja" });
    await slider().focus();
    await page.keyboard.press("PageUp");
    await page.keyboard.press("ArrowLeft");
    expect([await share(), await clip()]).toEqual([11, "inset(0px 0px 0px 89%)"]);
    expect(await slider().getAttribute("aria-valuetext")).toBe("写真11%、肖像画89%");
  });

  it("leaves the portrait alone where the page no longer has the photo", async () => {
    const { page, show } = await visit();
    await page.route("**/gone.jpg", (route) => route.fulfill({ status: 404, body: "" }));
    const answered = page.waitForResponse("**/gone.jpg");
    await show({ before: { url: "/gone.jpg", place: null } });
    await answered;
    await page.waitForFunction(
      () => document.querySelector<HTMLImageElement>('[data-part="compare-photo"] img')?.complete,
    );
    expect(await part(page, "compare").isVisible()).toBe(false);
    expect(await part(page, "zoom-open").isVisible()).toBe(true);
  });

  it("is looked at from near by keyboard, and gives the focus back", async () => {
    const { page } = await withPhoto();
    const picture = part(page, "zoom-stage").locator("img");
    const level = () => part(page, "zoom-level").textContent();
    await page.getByRole("button", { name: "Look closer" }).focus();
    await page.keyboard.press("Enter");
    expect([await focused(page), await level()]).toEqual(["zoom-close", "100%"]);
    await check();
    await page.keyboard.press("+");
    await page.keyboard.press("+");
    expect(await level()).toBe("225%");
    const before = await picture.boundingBox();
    await page.keyboard.press("ArrowDown");
    expect((await picture.boundingBox())?.y).toBeLessThan(before?.y ?? 0);
    for (let times = 0; times < 9; times += 1) await page.keyboard.press("=");
    expect([await level(), await part(page, "zoom-in").getAttribute("aria-disabled")]).toEqual(["400%", "true"]);
    await page.keyboard.press("-");
    await page.keyboard.press("0");
    expect(await level()).toBe("100%");
    await page.keyboard.press("Escape");
    await part(page, "zoom").waitFor({ state: "hidden" });
    await page.waitForFunction(() => document.documentElement.style.overflow === "");
    await expect.poll(() => focused(page)).toBe("zoom-open");
    await part(page, "zoom-open").click();
    await page.getByRole("button", { name: "Close", exact: true }).click();
    await part(page, "zoom").waitFor({ state: "hidden" });
    await expect.poll(() => focused(page)).toBe("zoom-open");
    // Also where a browser gives no focus to what is clicked.
    await part(page, "zoom-open").evaluate((opener: HTMLElement) => (opener.blur(), opener.click()));
    await page.keyboard.press("Escape");
    await part(page, "zoom").waitFor({ state: "hidden" });
    await expect.poll(() => focused(page)).toBe("zoom-open");
  });

  it("is looked at from near by mouse, while the page behind stays where it is", async () => {
    const { page } = await withPhoto({ context: { viewport: { width: 800, height: 400 } } });
    await part(page, "zoom-open").click();
    const top = await page.evaluate(() => scrollY);
    const picture = part(page, "zoom-stage").locator("img");
    await page.mouse.dblclick(400, 150);
    expect(await part(page, "zoom-level").textContent()).toBe("250%");
    const before = await picture.boundingBox();
    await page.mouse.move(400, 150);
    await page.mouse.down();
    await page.mouse.move(400, 190, { steps: 4 });
    await page.mouse.up();
    expect((await picture.boundingBox())?.y).toBeCloseTo((before?.y ?? 0) + 40, 0);
    await page.mouse.wheel(0, -4000);
    await page.waitForFunction(() => document.querySelector('[data-part="zoom-level"]')?.textContent === "400%");
    await page.mouse.wheel(0, 4000);
    await page.waitForFunction(() => document.querySelector('[data-part="zoom-level"]')?.textContent === "100%");
    expect(await page.evaluate(() => scrollY)).toBe(top);
  });

  it("is spread by two fingers, and its buttons stay on the screen", async () => {
    const { page } = await withPhoto({ context: phone });
    await part(page, "zoom-open").click();
    const cdp = await page.context().newCDPSession(page);
    const apart = (by: number) => [
      { x: 187 - by, y: 300, id: 1 },
      { x: 187 + by, y: 300, id: 2 },
    ];
    await touch(cdp, [20, 25, 30, 40, 50, 60].map(apart));
    await page.waitForFunction(() => document.querySelector('[data-part="zoom-level"]')?.textContent === "300%");
    expect(await page.evaluate(() => visualViewport?.scale)).toBe(1);
  });

  const mockup = { image: "/product.svg", x: 30, y: 20, width: 40, blend: true };
  const product = `<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="800"><rect width="1000" height="800"/></svg>`;

  it("is laid into the product's print area, by a button that says whether it is on", async () => {
    const { page, show } = await visit({ mockup });
    await page.route("**/product.svg", (route) => route.fulfill({ contentType: "image/svg+xml", body: product }));
    await show();
    const toggle = page.getByRole("button", { name: "On the product" });
    await toggle.click();
    expect(await toggle.getAttribute("aria-pressed")).toBe("true");
    expect(await page.getByRole("img", { name: "Your portrait on the product, Modern" }).isVisible()).toBe(true);
    const drawn = await page
      .locator("svg image")
      .evaluateAll((images) =>
        images.map((image) => ["x", "y", "width", "height"].map((name) => image.getAttribute(name))),
      );
    expect(drawn).toEqual([
      [null, null, "1000", "800"],
      ["300", "160", "400", "500"],
    ]);
    expect(await slider().isVisible()).toBe(false);
    await check();
    await toggle.click();
    expect([await part(page, "mockup").isVisible(), await slider().isVisible()]).toEqual([false, true]);
  });

  it("is offered on no product whose picture does not come, and on none without an area", async () => {
    const { page, show } = await visit({ mockup });
    const asked = page.waitForRequest("**/product.svg");
    await page.route("**/product.svg", (route) => route.abort());
    await show();
    await asked;
    await part(page, "compare").waitFor();
    expect(await part(page, "result-on-product").isVisible()).toBe(false);
  });

  it.each(["light", "dark"])("has no accessibility fault in the %s scheme", async (scheme) => {
    const { page } = await withPhoto({ scheme, earlier: 3 });
    await check();
    await slider().fill("40");
    await part(page, "result-earlier").click();
    await part(page, "result-forget").click();
    await check();
  });
});
