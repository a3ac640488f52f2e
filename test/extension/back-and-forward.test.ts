import type { Page, Request } from "playwright-core";
import { describe, expect, it } from "vitest";
import { choosePhoto, formProperties, hasChromium, paintPortrait, press, until } from "./harness/browser.ts";
import { shopping } from "./harness/visit.ts";

/** The browser keeps the page as it is while the shopper is elsewhere, and puts it back: scripts, timers, calls under way. */
describe.runIf(hasChromium)("a page that comes back from the back/forward cache", { timeout: 60_000 }, () => {
  const { visit } = shopping({ keepsPages: true });

  /** Not by playwright's own "back", which waits for a load that such a page does not have. */
  async function awayAndBack(page: Page, meanwhile: () => void = () => {}): Promise<void> {
    await page.evaluate(() => {
      window.addEventListener("pageshow", ({ persisted }) => (document.title = persisted ? "kept" : "loaded"));
      location.href = "/cart";
    });
    await page.waitForURL("**/cart");
    meanwhile();
    await page.evaluate(() => history.back());
    await expect.poll(() => page.title().catch(() => "")).toBe("kept");
  }

  it.each([
    ["POST", "/photos"],
    ["POST", "/portraits"],
    ["GET", "/portraits/por_"],
  ])(
    "goes on with its work and wishes for nothing twice, left while it waits for the answer of %s %s",
    async (method, path) => {
      const { page, calls, faults } = await visit({ script: { stageMs: 300 } });
      let letThrough = () => {};
      const isAway = new Promise<void>((resolve) => (letThrough = resolve));
      const isMeant = (request: Request) => request.method() === method && request.url().includes(path);
      await choosePhoto(page);
      await page.route("**/apps/**", (route) =>
        isMeant(route.request()) ? isAway.then(() => route.continue()) : route.continue(),
      );
      const asked = page.waitForRequest(isMeant);
      await press(page, "paint");
      await asked;
      await awayAndBack(page, letThrough);
      await until(page, "result");
      const once = calls().filter((made) => !made.startsWith("GET") && made !== "POST events");
      expect([once, faults]).toEqual([["POST photos", "POST portraits"], []]);
      expect(await formProperties(page)).toMatchObject({ "properties[_pet_portrait_status]": "ready" });
    },
  );

  it("still carries its portrait, and no more once that was bought elsewhere", async () => {
    const { server, page } = await visit();
    await paintPortrait(page);
    const [portrait] = server.storefront.portraits();
    await awayAndBack(page);
    await expect.poll(() => formProperties(page).then(Object.keys)).toHaveLength(4);
    await awayAndBack(page, () =>
      server.cart.push({ id: "9", quantity: "1", properties: { _pet_portrait_id: portrait?.id ?? "" } }),
    );
    await until(page, "added");
    expect(await formProperties(page)).toEqual({});
  });
});
