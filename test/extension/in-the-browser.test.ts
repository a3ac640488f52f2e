import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import {
  catPhoto,
  choosePhoto,
  dogPhoto,
  focusedText,
  formProperties,
  hasChromium,
  paintPortrait,
  press,
  until,
} from "./harness/browser.ts";
import { shopping } from "./harness/visit.ts";

/** No photo can be read before the session's answer; what comes back lets it through. */
async function holdReading(page: Page): Promise<() => void> {
  let goOn = () => {};
  const held = new Promise<void>((resolve) => (goOn = resolve));
  await page.route("**/session**", (route) => held.then(() => route.continue()));
  return goOn;
}

/** The real block, its real scripts and a real browser, against the scripted storefront. */
describe.runIf(hasChromium)("the studio in a browser", { timeout: 60_000 }, () => {
  const { visit } = shopping();

  it("finds the work under way again after a reload, and sends no photo twice", async () => {
    const { page, calls } = await visit({ script: { stageMs: 1_500 } });
    await choosePhoto(page);
    await press(page, "paint");
    // Any stage will do: on a busy machine a page may see the second one first.
    await page.waitForSelector('[data-part="stage"]:text-matches("Cutting out|Painting|Saving")');
    await page.reload();
    await until(page, "result");
    expect(calls().filter((call) => call === "POST photos")).toHaveLength(1);
    expect(await formProperties(page)).toMatchObject({ "properties[_pet_portrait_status]": "ready" });
    await press(page, "take");
    await until(page, "working");
    await until(page, "result");
    expect(calls().filter((call) => call === "POST photos")).toHaveLength(1);
  });

  it("lets the paint button wait for a photo that is still being read", async () => {
    const { page, faults, calls } = await visit();
    const goOn = await holdReading(page);
    await page.locator('input[type="file"]').first().setInputFiles(dogPhoto);
    await until(page, "reading");
    await page.locator('[data-do="paint"]').click({ force: true });
    goOn();
    await until(page, "choosing");
    expect([faults, calls().filter((call) => call === "POST portraits")]).toEqual([[], []]);
    await press(page, "paint");
    await until(page, "result");
  });

  it("takes the last photo where one more is picked while the first is still being read", async () => {
    const { page, server, faults } = await visit();
    const goOn = await holdReading(page);
    await page.locator('input[type="file"]').first().setInputFiles(dogPhoto);
    await until(page, "reading");
    await page.locator('input[type="file"]').first().setInputFiles(catPhoto);
    goOn();
    await until(page, "choosing");
    await press(page, "paint");
    await until(page, "result");
    const sent = server.storefront.calls.filter(({ method, path }) => `${method} ${path}` === "POST photos");
    const sha256 = createHash("sha256").update(readFileSync(catPhoto)).digest("hex");
    expect(sent.map(({ query }) => query.get("source_sha256"))).toEqual([sha256]);
    expect(faults).toEqual([]);
  });

  it("shows an earlier portrait with its photo, after a reload too, and makes another take of it", async () => {
    const { page, faults, calls } = await visit();
    await paintPortrait(page);
    await press(page, "style");
    await press(page, "paint");
    await page.waitForSelector('[data-part="done-title"]:text("Your portrait, Sketch")');
    await page.reload();
    await until(page, "result");
    await page.locator('[data-part="result-earlier"]').click();
    await page.locator('[data-part="result-strip"] button:not([aria-current])').click();
    await page.waitForSelector('[data-part="done-title"]:text("Your portrait, Modern")');
    await page.locator('[data-part="compare-slider"]').waitFor();
    const before = await formProperties(page);
    await press(page, "take");
    await expect.poll(() => formProperties(page)).not.toEqual(before);
    await until(page, "result");
    expect(calls().filter((call) => call === "POST photos")).toHaveLength(1);
    expect(faults).toEqual([]);
  });

  it("goes on in the new element when the theme renders the section anew", async () => {
    const { page, calls } = await visit({ script: { stageMs: 400 } });
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
    const { page } = await visit();
    await paintPortrait(page);
    const root = page.locator("pet-processor");
    await root.evaluate((element) => (element.setAttribute("data-state", "empty"), element.removeAttribute("style")));
    expect(await root.getAttribute("data-state")).toBe("result");
    await page.waitForSelector('pet-processor[style*="--pet-ground: rgb"]');
    await root.evaluate((element) => element.setAttribute("data-product-id", "222"));
    await until(page, "empty");
    expect(await formProperties(page)).toEqual({});
  });

  it("keeps photo and choices offline, and goes on by itself", async () => {
    const { server, page } = await visit();
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

  it("speaks the page's language, and keeps the merchant's own sentence", async () => {
    const { page } = await visit({ query: "locale=de", settings: { text_result: "Wuff." } });
    await choosePhoto(page);
    await press(page, "paint");
    await until(page, "result");
    expect(await page.locator('[data-part="done-title"]').textContent()).toMatch(/^Ihr Porträt/);
    expect(await page.locator('[data-part="done-text"]').textContent()).toBe("Wuff.");
  });

  it("shows everything and sends nothing in the theme editor", async () => {
    const { page, faults, calls } = await visit({ query: "editor" });
    await until(page, "choosing");
    expect(await page.locator(".pet-processor__card").allTextContents()).toHaveLength(2);
    await press(page, "paint");
    await page.waitForTimeout(300);
    expect([calls(), faults]).toEqual([[], []]);
  });

  it("moves nothing below by itself: not while painting, not on the result, not when restored", async () => {
    const { page } = await visit({ script: { stageMs: 250 } });
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
    const { page } = await visit({ script: { stageMs: 150 } });
    await choosePhoto(page);
    expect(await focusedText(page)).toBe("Choose a style");
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowRight");
    expect(await page.evaluate(() => (document.activeElement as HTMLInputElement).value)).toBe("pen_and_marker");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await until(page, "working");
    expect(await focusedText(page)).toBe("Painting your portrait");
    await until(page, "result");
    expect(await focusedText(page)).toBe("Your portrait, Sketch");
    expect(await page.locator('[data-part="live"]').textContent()).toContain("Your portrait, Sketch");
  });
});
