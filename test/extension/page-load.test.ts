import { describe, expect, it } from "vitest";
import { choosePhoto, dogPhoto, hasChromium, until } from "./harness/browser.ts";
import { shopping } from "./harness/visit.ts";

/** What is there of the block before anybody does anything, when its scripts come, and what happens where they do not. */
describe.runIf(hasChromium)("the block on a page that loads", { timeout: 60_000 }, () => {
  const { visit } = shopping();

  it("begins after the page's first frame, and takes up what was picked before", async () => {
    const { page } = await visit();
    const isDefined = () => page.evaluate(() => customElements.get("pet-processor") !== undefined);
    await page.addInitScript(() => {
      const begin = window.requestAnimationFrame.bind(window);
      const first = new Promise<void>((resolve) => Object.assign(window, { letFrameCome: resolve }));
      window.requestAnimationFrame = (draw) => (void first.then(() => begin(draw)), 0);
    });
    await page.reload();
    expect(await isDefined()).toBe(false);
    await page.locator('pet-processor input[type="file"]').first().setInputFiles(dogPhoto);
    expect(await isDefined()).toBe(false);
    await page.evaluate(() => (window as unknown as { letFrameCome(): void }).letFrameCome());
    await until(page, "choosing");
  });

  it("asks nothing of the server before somebody does something", async () => {
    const { page, faults, calls } = await visit();
    await page.waitForTimeout(300);
    expect([calls(), faults]).toEqual([[], []]);
  });

  it("takes a photo that was picked before its script was there", async () => {
    const { server, page } = await visit();
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route("**/pet-processor.js*", async (route) => (await held, route.continue()));
    await page.goto(`${server.url}/products/canvas?late`, { waitUntil: "domcontentloaded" });
    await page.locator('pet-processor input[type="file"]').first().setInputFiles(dogPhoto);
    release();
    await until(page, "choosing");
  });

  it("waits for its own content where the script is faster than the page", async () => {
    const { server, page, faults } = await visit();
    await page.goto(`${server.url}/products/canvas?slow`, { waitUntil: "commit" });
    const parser = await page.evaluate(() =>
      customElements.whenDefined("pet-processor").then(() => document.readyState),
    );
    expect(parser).not.toBe("loading");
    await choosePhoto(page);
    expect(faults).toEqual([]);
  });

  it.each(["pet-studio.js", "pet-words-en.js", "pet-studio.css"])(
    "says so and can try again where %s does not come",
    async (asset) => {
      const { page, notice } = await visit();
      let broken = true;
      await page.route(`**/${asset}*`, (route) => (broken ? route.abort() : route.continue()));
      await page.locator('pet-processor input[type="file"]').first().setInputFiles(dogPhoto);
      await page.waitForSelector('[data-part="notice"]:not([hidden])');
      expect(await notice()).toContain("could not reach the studio");
      broken = false;
      await page.locator('[data-part="notice-retry"]').click();
      await until(page, "choosing");
    },
  );

  it("fetches its words beside its script, and not before somebody wants the studio", async () => {
    const { server, page } = await visit();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname.split("/").at(-1) ?? ""));
    // The studio is not there: what comes after it would never be asked for.
    await page.route("**/pet-studio.js*", () => {});
    await page.goto(`${server.url}/products/canvas?locale=de`);
    expect(asked.filter((name) => /pet-(studio|words)/.test(name))).toEqual([]);
    await page.locator('pet-processor input[type="file"]').first().setInputFiles(dogPhoto);
    await expect.poll(() => asked).toEqual(expect.arrayContaining(["pet-studio.js", "pet-words-de.js"]));
  });

  it.each([
    ["ltr", "none"],
    ["rtl", "matrix(-1, 0, 0, 1, 0, 0)"],
  ])("has its row of samples begin where one begins to read (%s)", async (dir, transform) => {
    const { page } = await visit({ query: `dir=${dir}` });
    const samples = page.locator(".pet-processor__samples");
    expect(await samples.evaluate((row) => getComputedStyle(row).transform)).toBe(transform);
  });
});
