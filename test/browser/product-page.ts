import type { Locator, Page } from "playwright-core";
import sharp from "sharp";
import { expect } from "vitest";

/** A shopper's hands on the product page: what they see and do, in the widget's own words. */
export type ProductPage = {
  studio: Locator;
  state(): Promise<string | null>;
  waitFor(state: string, timeoutMs?: number): Promise<void>;
  choosePhoto(photo: PickedPhoto): Promise<void>;
  chooseStyle(name: string): Promise<void>;
  press(name: string): Promise<void>;
  portraitUrl(): Promise<string>;
  addToCart(): Promise<void>;
};

export type PickedPhoto = string | { name: string; mimeType: string; buffer: Buffer };

export const catPath = new URL("../photos/cat.webp", import.meta.url).pathname;
export const dogPath = new URL("../photos/dog.webp", import.meta.url).pathname;

/** A photo that no other test has had painted: what is in the gallery already is free for everybody of the shop. */
export async function freshPhoto(number: number): Promise<PickedPhoto> {
  const buffer = await sharp(catPath).extract({ left: number, top: 0, width: 900, height: 700 }).jpeg().toBuffer();
  return { name: "cat.jpg", mimeType: "image/jpeg", buffer };
}

export async function openProduct(page: Page, address: string): Promise<ProductPage> {
  await page.goto(address);
  const studio = page.locator("pet-processor").first();
  await studio.waitFor();
  return productPage(studio, page);
}

/** Of one studio, where a page has several. */
export function productPage(studio: Locator, page: Page): ProductPage {
  const state = () => studio.getAttribute("data-state");
  const waitFor = async (wanted: string, timeoutMs = 60_000) => {
    await expect.poll(state, { timeout: timeoutMs, message: `the studio becomes "${wanted}"` }).toBe(wanted);
  };
  return {
    studio,
    state,
    waitFor,
    async choosePhoto(photo) {
      await studio.locator("input[type=file]:not([capture])").first().setInputFiles(photo);
      await waitFor("choosing");
    },
    chooseStyle: (name) => studio.getByRole("radio", { name }).check({ force: true }),
    press: (name) => studio.getByRole("button", { name, exact: true }).click(),
    async portraitUrl() {
      const source = await studio.locator('[data-part=picture] img[data-kind="portrait"]').getAttribute("src");
      return source ?? "";
    },
    addToCart: () =>
      page
        .locator('[data-type="add-to-cart-form"] button[type=submit], form[action*="/cart/add"] button[type=submit]')
        .first()
        .click(),
  };
}

export type CartLine = { product_title: string; quantity: number; properties: Record<string, string> };

export async function cartLines(page: Page): Promise<CartLine[]> {
  const cart = await page.evaluate(async () => (await (await fetch("/cart.js")).json()) as { items: unknown[] });
  return cart.items as CartLine[];
}
