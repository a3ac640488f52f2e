import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { choosePhoto, dogPhoto, hasChromium, paintPortrait, press, until } from "./harness/browser.ts";
import { shopping } from "./harness/visit.ts";

const topOfForm = (page: Page) =>
  page.locator('form[action="/cart/add"]').evaluate((form) => form.getBoundingClientRect().top + scrollY);

/** As a theme does that takes the page again from the server and knows nothing of what others have put into it. */
const morphToServers = (page: Page) =>
  page.evaluate(async () => {
    const fresh = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    const [from, to] = [fresh, document].map((one) => one.querySelector("pet-processor") as HTMLElement);
    if (!from || !to) throw new Error("There is no block.");
    for (const { name } of [...to.attributes]) if (!from.hasAttribute(name)) to.removeAttribute(name);
    for (const { name, value } of from.attributes) to.setAttribute(name, value);
    to.replaceChildren(...from.childNodes);
  });

describe.runIf(hasChromium)("the steps after the first", { timeout: 60_000 }, () => {
  const { visit } = shopping();

  it("are not in the page: they come with the first sign of interest, and move nothing", async () => {
    const { page } = await visit();
    const steps = () => page.locator("pet-processor [data-heading]").count();
    expect(await steps()).toBe(0);
    const before = await topOfForm(page);
    await page.locator("pet-processor").hover();
    await page.locator('pet-processor input[type="file"]').first().setInputFiles(dogPhoto);
    await until(page, "choosing");
    expect(await steps()).toBeGreaterThan(4);
    await page.locator('[data-pet="remove"]').click();
    await until(page, "empty");
    expect(await topOfForm(page)).toBe(before);
  });

  it.each(["en", "de", "fr", "es", "ja"].flatMap((locale) => [360, 1200].map((width) => [locale, width] as const)))(
    "take the room that the page has kept for them (%s, %i pixels)",
    async (locale, width) => {
      const { page } = await visit({ query: `locale=${locale}` });
      await page.setViewportSize({ width, height: 900 });
      const before = await topOfForm(page);
      await paintPortrait(page);
      expect(await topOfForm(page)).toBe(before);
    },
  );

  it("are put in again where a theme takes our content back to the server's", async () => {
    const { page, faults } = await visit();
    await choosePhoto(page);
    await morphToServers(page);
    await until(page, "choosing");
    await page.waitForSelector('[data-part="crop"]:not([hidden])');
    await press(page, "paint");
    await until(page, "result");
    await morphToServers(page);
    await until(page, "result");
    await page.waitForSelector('[data-part="compare"]:not([hidden])');
    expect(faults).toEqual([]);
  });

  it("are put in again in the first step, too, of which only the page's colour is ours", async () => {
    const { page, faults } = await visit();
    await choosePhoto(page);
    await page.getByRole("button", { name: "Remove" }).click();
    await until(page, "empty");
    await morphToServers(page);
    await choosePhoto(page);
    expect(faults).toEqual([]);
  });
});
