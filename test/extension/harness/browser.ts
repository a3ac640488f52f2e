import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { findChromium, openBrowser } from "#test/browser/chromium.ts";

export { openBrowser };
export const hasChromium = findChromium() !== undefined;
export const dogPhoto = fileURLToPath(new URL("../../photos/dog.webp", import.meta.url));
export const catPhoto = fileURLToPath(new URL("../../photos/cat.webp", import.meta.url));

export const until = (page: Page, state: string) => page.waitForSelector(`pet-processor[data-state="${state}"]`);

export const press = (page: Page, what: string) => page.locator(`[data-do="${what}"]:visible`).first().click();

export async function choosePhoto(page: Page, photo: string | object = dogPhoto): Promise<void> {
  await page
    .locator('pet-processor input[type="file"]')
    .first()
    .setInputFiles(photo as string);
  await page.waitForSelector('pet-processor:is([data-state="choosing"], [data-state="blocked"])');
}

export async function paintPortrait(page: Page): Promise<void> {
  await choosePhoto(page);
  await press(page, "paint");
  await until(page, "result");
}

/** What the product form would send now, without the theme's own fields. */
export const formProperties = (page: Page) =>
  page.evaluate(() => {
    const form = document.querySelector<HTMLFormElement>('form[action="/cart/add"]');
    return Object.fromEntries([...new FormData(form ?? undefined)].filter(([name]) => name.startsWith("properties")));
  });

/** What has the focus, by its text, or by its tag where it has none. */
export const focusedText = (page: Page) =>
  page.evaluate(() => document.activeElement?.textContent?.trim() || document.activeElement?.tagName);
