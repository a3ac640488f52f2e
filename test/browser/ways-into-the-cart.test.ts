import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { desktop, openBrowser, openContext, phone } from "./chromium.ts";
import {
  cartLines,
  catPath,
  dogPath,
  openProduct,
  productPage,
  type PickedPhoto,
  type ProductPage,
} from "./product-page.ts";

const preview = inject("preview");

/** Every way in which a theme puts a product into the cart, through the local Shopify, with the cart read back after it. */
describe.skipIf(preview === null)("a portrait goes along", { timeout: 180_000 }, () => {
  const { shopUrl = "" } = preview ?? {};
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());
  afterEach(() => page.context().close());

  type Shopping = { product: ProductPage; carried: object };

  async function withPortrait(theme: string, { options = desktop, placement = "main" } = {}): Promise<Shopping> {
    page = await (await openContext(browser, options)).newPage();
    const address = `${shopUrl}/products/pet-canvas?theme=${theme}&placement=${placement}`;
    const product = await openProduct(page, address);
    return { product, carried: await paint(product, catPath) };
  }

  /** What goes along with the portrait of this photo. */
  async function paint(product: ProductPage, photo: PickedPhoto): Promise<object> {
    await product.choosePhoto(photo);
    await product.press("Paint my pet");
    await product.waitFor("result");
    return { _pet_portrait_url: await product.portraitUrl(), _pet_portrait_status: "ready" };
  }
  const lines = async () => (await cartLines(page)).map(({ properties, quantity }) => ({ properties, quantity }));
  const expectOneLine = async (line: object) => {
    await expect.poll(lines).toMatchObject([line]);
  };

  describe.each(["dawn", "horizon"])("in the %s shape", (theme) => {
    it("with the theme's own button, in another size and three of it", async () => {
      const { product, carried } = await withPortrait(theme);
      await page.locator('input[type="radio"][value="16 × 20 in"]').check({ force: true });
      // One theme renders its section anew for another variant, the block in it included; the other changes what is there.
      const chosen = page.locator('[data-type="add-to-cart-form"] [name="id"]').first();
      await expect.poll(() => chosen.inputValue()).toBe("44100004");
      await product.waitFor("result");
      await page.locator('input[name="quantity"]').first().fill("3");
      await product.addToCart();
      await expectOneLine({ quantity: 3, properties: carried });
      expect((await cartLines(page))[0]).toMatchObject({ variant_title: "16 × 20 in / Gallery wrap" });
      await product.waitFor("added");
    });

    it("with the button that leads straight to the checkout", async () => {
      const { carried } = await withPortrait(theme);
      await page.locator(".shopify-payment-button__button").first().click();
      await page.waitForURL(/checkout/);
      await expectOneLine({ quantity: 1, properties: carried });
    });

    it("with a wallet's button, which reads the form and tells nobody that it was pressed", async () => {
      const { carried } = await withPortrait(theme);
      const read = await page
        .locator(".shopify-payment-button")
        .first()
        .evaluate((button) => {
          const form = button.closest("form") as HTMLFormElement;
          return Object.fromEntries(new FormData(form)) as Record<string, string>;
        });
      expect(read).toMatchObject(
        Object.fromEntries(Object.entries(carried).map(([key, value]) => [`properties[${key}]`, value as string])),
      );
    });

    it("with the bar at the bottom of a phone's page", async () => {
      const { carried } = await withPortrait(theme, { options: phone });
      await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
      await page.locator(".sticky-bar__button").click();
      await expectOneLine({ quantity: 1, properties: carried });
    });

    it("not with another product that is put into the cart from the same page", async () => {
      await withPortrait(theme);
      await page.locator('.quick-add button[type="submit"]').first().click();
      await expectOneLine({ quantity: 1 });
      expect(Object.keys((await cartLines(page))[0]?.properties ?? {})).toEqual([]);
    });

    it("with its own product where another one beside it has a block of its own", async () => {
      const { product, carried } = await withPortrait(theme, { placement: "featured" });
      const featured = page.locator('[id$="__featured"]');
      const other = productPage(featured.locator("pet-processor"), page);
      const addFeatured = () => featured.locator('form button[type="submit"]').click();
      await addFeatured();
      await other.studio.locator("[data-part=notice]").waitFor();
      expect(await lines()).toEqual([]);
      const otherCarried = await paint(other, dogPath);
      expect(otherCarried).not.toEqual(carried);
      await product.addToCart();
      await expectOneLine({ quantity: 1, properties: carried });
      await product.waitFor("added");
      await page.keyboard.press("Escape");
      await Promise.all([page.waitForURL(/cart/), addFeatured()]);
      await expect.poll(lines).toHaveLength(2);
      expect(await cartLines(page)).toEqual(
        expect.arrayContaining([
          expect.objectContaining({
            product_title: "Pet Portrait Canvas",
            properties: expect.objectContaining(carried),
          }),
          expect.objectContaining({
            product_title: "Pet Portrait Mug",
            properties: expect.objectContaining(otherCarried),
          }),
        ]),
      );
    });

    it("where the block stands on the page twice, and one of them has the portrait", async () => {
      const { product, carried } = await withPortrait(theme, { placement: "twice" });
      await product.addToCart();
      await expectOneLine({ quantity: 1, properties: carried });
      await product.waitFor("added");
    });

    it("alone, where two blocks of the product have one each: the newer, and then the older", async () => {
      const { product, carried } = await withPortrait(theme, { placement: "twice" });
      await product.studio.locator("summary:visible").click();
      await product.studio.locator('[data-part="pet-name"]:visible').fill("Momo");
      const lower = productPage(page.locator("pet-processor").last(), page);
      const newer = await paint(lower, dogPath);
      expect(newer).not.toEqual(carried);
      await product.addToCart();
      await expectOneLine({ quantity: 1, properties: newer });
      expect(Object.keys((await cartLines(page))[0]?.properties ?? {})).not.toContain("Pet");
      await lower.waitFor("added");
      await page.keyboard.press("Escape");
      await product.addToCart();
      await expect.poll(lines).toHaveLength(2);
      const upper = (await cartLines(page)).find(({ properties }) => "Pet" in (properties ?? {}));
      expect(upper?.properties).toMatchObject({ ...carried, Pet: "Momo" });
    });

    it("once: what is added again without it is stopped, and taken up again it goes along again", async () => {
      const { product, carried } = await withPortrait(theme);
      await product.addToCart();
      await expectOneLine({ quantity: 1, properties: carried });
      await product.waitFor("added");
      // Away with what the theme shows of the cart.
      await page.keyboard.press("Escape");
      await product.addToCart();
      await product.studio.locator("[data-part=notice]").waitFor();
      await expectOneLine({ quantity: 1 });
      await product.press("Use this portrait again");
      await product.waitFor("result");
      await product.addToCart();
      await expectOneLine({ quantity: 2, properties: carried });
    });
  });
});
