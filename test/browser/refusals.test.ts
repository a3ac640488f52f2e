import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { desktop, openBrowser, openContext } from "./chromium.ts";
import { catPath, freshPhoto, openProduct } from "./product-page.ts";

const preview = inject("preview");

/** What the app refuses, as the studio tells it: through the app proxy, from the doors that the app is run with. */
describe.skipIf(preview === null)("a shopper who is refused", { timeout: 180_000 }, () => {
  const address = `${preview?.shopUrl ?? ""}/products/pet-canvas?theme=dawn`;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    page = await (await openContext(browser, desktop)).newPage();
  });
  afterEach(() => page.context().close());

  it("since another tab has used up the day is told so, and may order for later", async () => {
    const product = await openProduct(page, address);
    await product.choosePhoto(await freshPhoto(20));
    const otherTab = await openProduct(await page.context().newPage(), address);
    await otherTab.choosePhoto(await freshPhoto(21));
    await otherTab.press("Paint my pet");
    await otherTab.waitFor("result");
    for (const _take of [2, 3]) {
      await otherTab.press("Another take");
      await otherTab.waitFor("working");
      await otherTab.waitFor("result");
    }
    await page.bringToFront();
    await product.press("Paint my pet");
    await product.waitFor("blocked");
    await product.press("Order now, we paint it after");
    await product.waitFor("pending");
  });

  it("with a session that has ended gets a new one and goes on", async () => {
    await openProduct(page, address);
    await page.evaluate(() => {
      const session = "v1.ses_aaaaaaaaaaaaaaaaaaaaaa.1700000000.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
      localStorage.setItem("pet-processor", JSON.stringify({ session, products: {} }));
    });
    const product = await openProduct(page, address);
    await product.choosePhoto(catPath);
    await product.press("Paint my pet");
    await product.waitFor("result");
    expect(await page.evaluate(() => localStorage.getItem("pet-processor"))).not.toContain("ses_aaaa");
  });
});
