import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { accessibilityFaults } from "./accessibility.ts";
import { desktop, openBrowser, openContext, phone, picture } from "./chromium.ts";
import { cartLines, catPath, dogPath, freshPhoto, openProduct } from "./product-page.ts";

const preview = inject("preview");

/** A real Chromium on the local Shopify and the app as `npm run preview` starts them: product page → portrait → cart. */
describe.skipIf(preview === null)("a shopper", () => {
  const { shopUrl = "" } = preview ?? {};
  let browser: Browser;
  let page: Page;
  let problems: string[] = [];
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    await page.context().close();
    expect(problems, "the page reported no error").toEqual([]);
  });

  async function come(options: Parameters<typeof openContext>[1]): Promise<void> {
    const context = await openContext(browser, options);
    page = await context.newPage();
    problems = [];
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (line) => {
      if (line.type() === "error" && !line.text().startsWith("Failed to load resource")) problems.push(line.text());
    });
  }

  for (const theme of ["dawn", "horizon"]) {
    for (const [width, options] of [
      ["phone", phone],
      ["desktop", desktop],
    ] as const) {
      it(`gets a portrait and puts it into the cart in the ${theme} shape on a ${width}`, async () => {
        await come(options);
        const product = await openProduct(page, `${shopUrl}/products/pet-canvas?theme=${theme}`);
        await picture(page, `${theme}-${width}-1-empty`);
        expect(await accessibilityFaults(page, "pet-processor")).toEqual([]);

        await product.choosePhoto(catPath);
        await product.chooseStyle(theme === "dawn" ? "Modern" : "Sketch");
        await product.studio.scrollIntoViewIfNeeded();
        await picture(page, `${theme}-${width}-2-style`);
        expect(await accessibilityFaults(page, "pet-processor")).toEqual([]);

        await product.press("Paint my pet");
        await product.waitFor("working");
        await picture(page, `${theme}-${width}-3-working`);
        expect(await accessibilityFaults(page, "pet-processor")).toEqual([]);
        await product.waitFor("result");
        await page.waitForFunction(() =>
          [...document.querySelectorAll<HTMLImageElement>("pet-processor [data-part=picture] img")].every(
            (image) => image.complete,
          ),
        );
        await picture(page, `${theme}-${width}-4-result`);
        expect(await accessibilityFaults(page, "pet-processor")).toEqual([]);
        expect(await product.studio.getByText("Preview, not AI").isVisible()).toBe(true);

        const url = await product.portraitUrl();
        await product.addToCart();
        await expect.poll(async () => (await cartLines(page)).length).toBe(1);
        const [line] = await cartLines(page);
        expect(line?.properties).toMatchObject({
          Style: theme === "dawn" ? "Modern" : "Sketch",
          _pet_portrait_status: "ready",
          _pet_portrait_url: url,
          _pet_portrait_id: expect.stringMatching(/^por_/),
        });
        await product.waitFor("added");
        await picture(page, `${theme}-${width}-5-added`);
        await page.goto(`${shopUrl}/cart`);
        await picture(page, `${theme}-${width}-6-cart`, { fullPage: true });
      });
    }
  }

  it("does it all by keyboard alone", async () => {
    await come(desktop);
    // Listened for from the start: the browser asks only who is already listening.
    page.on("filechooser", (chooser) => void chooser.setFiles(dogPath));
    const product = await openProduct(page, `${shopUrl}/products/pet-canvas?theme=dawn`);
    const focusIs = async (matches: string) =>
      page.evaluate((selector) => document.activeElement?.matches(selector) ?? false, matches);
    const tabTo = async (selector: string) => {
      for (let step = 0; step < 60 && !(await focusIs(selector)); step++) await page.keyboard.press("Tab");
      expect(await focusIs(selector), `Tab reaches ${selector}`).toBe(true);
    };
    await tabTo("pet-processor input[type=file]");
    await page.keyboard.press("Enter");
    await product.waitFor("choosing");
    await tabTo("pet-processor input[type=radio]");
    await page.keyboard.press("ArrowRight");
    await tabTo("pet-processor [data-do=paint]");
    await page.keyboard.press("Enter");
    await product.waitFor("result");
    await tabTo('form[action*="/cart/add"] button[type=submit]');
    await page.keyboard.press("Enter");
    await expect.poll(async () => (await cartLines(page)).length).toBe(1);
  });

  it("is told in a sentence what is wrong with a photo, and keeps the way open", async () => {
    await come(phone);
    const product = await openProduct(page, `${shopUrl}/products/pet-canvas?theme=horizon`);
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>');
    await product.studio
      .locator("input[type=file]:not([capture])")
      .first()
      .setInputFiles({ name: "cat.jpg", mimeType: "image/jpeg", buffer: svg });
    const notice = product.studio.locator("[data-part=notice], [data-part=trouble]").filter({ visible: true }).first();
    await notice.waitFor();
    expect(await notice.innerText()).toMatch(/photo/i);
    await notice.scrollIntoViewIfNeeded();
    await picture(page, "phone-trouble-photo-type");
    expect(await accessibilityFaults(page, "pet-processor")).toEqual([]);
    await product.choosePhoto(catPath);
  });

  it("finds the portrait again after a reload, and instantly for the same photo and style", async () => {
    await come(desktop);
    const address = `${shopUrl}/products/pet-canvas?theme=horizon`;
    const product = await openProduct(page, address);
    await product.choosePhoto(dogPath);
    await product.chooseStyle("Modern");
    await product.press("Paint my pet");
    await product.waitFor("result");
    const again = await openProduct(page, address);
    await again.waitFor("result");
    await again.press("Another photo").catch(() => undefined);
    let uploads = 0;
    page.on("request", (request) => {
      if (request.method() === "POST" && new URL(request.url()).pathname.endsWith("/photos")) uploads += 1;
    });
    await again.choosePhoto(dogPath);
    await again.chooseStyle("Modern");
    await again.press("Paint my pet");
    await again.waitFor("result");
    expect(uploads).toBe(0);
  });

  it("sees what is left, and orders for later when nothing is", async () => {
    await come(phone);
    const product = await openProduct(page, `${shopUrl}/products/pet-canvas?theme=dawn`);
    await product.choosePhoto(await freshPhoto(1));
    for (const take of [1, 2, 3]) {
      if (take === 1) await product.press("Paint my pet");
      else await product.press("Another take");
      await product.waitFor("working");
      await product.waitFor("result");
    }
    // Nothing is left: the button that would cost is gone, and the way on leads to an order without a portrait.
    await product.studio.getByText("No portraits left today").filter({ visible: true }).first().waitFor();
    expect(await product.studio.getByRole("button", { name: "Another take" }).isVisible()).toBe(false);
    await product.press("Another style");
    await product.waitFor("blocked");
    await picture(page, "phone-none-left");
    expect(await accessibilityFaults(page, "pet-processor")).toEqual([]);
    await product.press("Order now, we paint it after");
    await product.waitFor("pending");
    await picture(page, "phone-pending");
    await product.addToCart();
    await expect
      .poll(async () => (await cartLines(page))[0]?.properties)
      .toMatchObject({ _pet_portrait_status: "pending" });

    await page.goto(`${shopUrl}/checkout`);
    await page.getByRole("button", { name: "Place the order" }).click();
    await page.getByText("has been placed").waitFor();
    await picture(page, "phone-ordered");
    await page.goto(`${shopUrl}/admin`);
    const tile = page.frameLocator("iframe").locator("li.portrait", { hasText: /Ordered in #\d+/ });
    await tile.locator("img").waitFor({ timeout: 60_000 });
    await tile.scrollIntoViewIfNeeded();
    await tile.locator("img:not(.portrait__picture--loading)").waitFor();
    await picture(page, "admin-ordered-phone");
    const again = await openProduct(page, `${shopUrl}/products/pet-canvas?theme=dawn`);
    await again.studio.scrollIntoViewIfNeeded();
    await page.waitForTimeout(1_500);
    await picture(page, "phone-after-the-order");
  });

  it("is stopped at the button with a sentence when the product needs a portrait and has none", async () => {
    await come(desktop);
    const product = await openProduct(page, `${shopUrl}/products/pet-canvas?theme=dawn`);
    await product.addToCart();
    await page.waitForTimeout(300);
    expect(await cartLines(page)).toEqual([]);
    const sentence = product.studio.locator("[data-part=notice]");
    expect(await sentence.innerText()).toMatch(/portrait/i);
    expect(await page.evaluate(() => document.activeElement?.closest("pet-processor") !== null)).toBe(true);
    await picture(page, "desktop-stopped-at-the-button");
  });
});
