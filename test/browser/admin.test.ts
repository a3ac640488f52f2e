import type { Browser, FrameLocator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { accessibilityFaults } from "./accessibility.ts";
import { desktop, openBrowser, openContext, phone, picture } from "./chromium.ts";
import { catPath, openProduct } from "./product-page.ts";

const preview = inject("preview");

/** The merchant in the admin's frame: a real signed token, the real token exchange against the local Shopify. */
describe.skipIf(preview === null)("a merchant", () => {
  const { shopUrl = "" } = preview ?? {};
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  async function openAdmin(options: Parameters<typeof openContext>[1]): Promise<{ page: Page; app: FrameLocator }> {
    const context = await openContext(browser, options);
    const page = await context.newPage();
    await page.goto(`${shopUrl}/admin`);
    return { page, app: page.frameLocator("iframe") };
  }

  it("sees in the admin what was made today", async () => {
    const shopper = await (await openContext(browser, desktop)).newPage();
    const product = await openProduct(shopper, `${shopUrl}/products/pet-canvas?theme=dawn`);
    await product.choosePhoto(catPath);
    await product.press("Paint my pet");
    await product.waitFor("result");
    await shopper.context().close();

    const { page, app } = await openAdmin(desktop);
    await app.getByText("Painter calls").first().waitFor({ timeout: 30_000 });
    await app.locator('img[src*="/images/"]').first().waitFor();
    await picture(page, "admin-home-desktop", { fullPage: true });
    expect(await accessibilityFaults(page, "iframe")).toEqual([]);
    await page.context().close();
  });

  it("reads it on a phone too", async () => {
    const { page, app } = await openAdmin(phone);
    await app.getByText("Painter calls").first().waitFor({ timeout: 30_000 });
    await picture(page, "admin-home-phone", { fullPage: true });
    expect(await accessibilityFaults(page, "iframe")).toEqual([]);
    await page.context().close();
  });
});
