import type { Page, Request } from "playwright-core";
import { describe, expect, it } from "vitest";
import { choosePhoto, formProperties, hasChromium, paintPortrait, press, until } from "./harness/browser.ts";
import { shopping } from "./harness/visit.ts";

/** How many photos the browser has written down; a page can leave in the middle of that, too. */
const keptPhotos = (page: Page) =>
  page.evaluate(async () => {
    const known = await indexedDB.databases();
    // To open one that is not there would make it.
    if (!known.some(({ name }) => name === "pet-processor")) return 0;
    const answer = <Value>(request: IDBRequest<Value>) =>
      new Promise<Value>((resolve) => (request.onsuccess = () => resolve(request.result)));
    const database = await answer(indexedDB.open("pet-processor"));
    return answer(database.transaction("photos").objectStore("photos").count());
  });

/** A shopper leaves, and comes back to a page that is loaded anew: the work is the server's, and is found again. */
describe.runIf(hasChromium)("a shopper who comes back", { timeout: 60_000 }, () => {
  const { visit, shopper } = shopping();
  const stateOf = (page: Page) => page.locator("pet-processor").getAttribute("data-state");
  const given = () =>
    shopper()
      .calls()
      .filter((call) => /^POST (photos|portraits)/.test(call));

  /** Leaves in the moment in which a call is on its way; it does not arrive. */
  async function leaveAt(
    call: string,
    leave: (page: Page) => Promise<unknown>,
    button: "paint" | "after" = "paint",
  ): Promise<void> {
    const { page } = shopper();
    const isMeant = (request: Request) =>
      request.method() === "POST" && new URL(request.url()).pathname.endsWith(`/${call}`);
    let isLost = false;
    await page.route(`**/${call}?*`, (route) => {
      if (isLost || !isMeant(route.request())) return route.continue();
      isLost = true;
    });
    await choosePhoto(page);
    const asked = page.waitForRequest(isMeant);
    await press(page, button);
    await asked;
    if (!page.url().includes("refuses")) await expect.poll(() => keptPhotos(page)).toBe(1);
    await leave(page);
  }
  const reload = (page: Page) => page.reload();
  /** As if what the browser has written down had been written so long ago. */
  const reloadLater = (minutes: number) => async (page: Page) => {
    await page.evaluate((ms) => {
      const shelf = localStorage.getItem("pet-processor") ?? "";
      const earlier = shelf.replace(/"atMs":(\d+)/g, (_, at: string) => `"atMs":${Number(at) - ms}`);
      localStorage.setItem("pet-processor", earlier);
    }, minutes * 60_000);
    await page.reload();
  };

  it.each([
    // Asked for by what the server may know first.
    ["photos", ["POST portraits", "POST photos", "POST portraits"]],
    ["portraits", ["POST photos", "POST portraits"]],
  ])("while the call to %s was on its way has the portrait painted all the same", async (call, whole) => {
    const { page, faults } = await visit();
    await leaveAt(call, reload);
    await until(page, "result");
    expect(given()).toEqual(whole);
    // A browser writes down each refusal, and one here says that the photo is needed.
    expect(faults.filter((fault) => !fault.includes("409"))).toEqual([]);
    expect(await formProperties(page)).toMatchObject({
      "properties[Style]": "Modern",
      "properties[_pet_portrait_status]": "ready",
    });
    await page.locator('[data-part="compare-slider"]').waitFor();
  });

  it("while the photo for an order was on its way has it kept all the same", async () => {
    const { page } = await visit({ script: { used: 5 } });
    await leaveAt("photos", reload, "after");
    await until(page, "pending");
    expect(given()).toEqual(["POST portraits", "POST photos", "POST portraits"]);
  });

  it("to a browser that may not keep photos is asked for the photo once more", async () => {
    const { page, calls } = await visit({ query: "refuses" });
    await leaveAt("photos", reload);
    await until(page, "trouble");
    expect(await page.locator('[data-part="trouble"]').textContent()).toMatch(/choose it again/);
    await choosePhoto(page);
    await press(page, "paint");
    await until(page, "result");
    expect(calls()).not.toContain("POST events");
  });

  it("only later than ten minutes finds nothing being sent that they have not asked for again", async () => {
    const { page } = await visit();
    await leaveAt("photos", reloadLater(11));
    await page.waitForTimeout(500);
    expect([await stateOf(page), given()]).toEqual(["empty", []]);
  });

  it("does not have a wish repeated that was refused", async () => {
    const { page } = await visit({
      script: { refusals: [{ method: "POST", path: "portraits", status: 422, code: "style_unknown" }] },
    });
    await choosePhoto(page);
    await press(page, "paint");
    await until(page, "trouble");
    await page.reload();
    await page.waitForTimeout(500);
    expect([await stateOf(page), given()]).toEqual(["empty", ["POST photos", "POST portraits"]]);
  });

  it("in another tab, and on another day, finds the same work", async () => {
    const { page, server } = await visit({ script: { stageMs: 700 } });
    await choosePhoto(page);
    await press(page, "paint");
    await page.waitForSelector('[data-part="stage"]:text-matches("Cutting out|Painting|Saving")');
    const other = await page.context().newPage();
    await other.goto(`${server.url}/products/canvas`);
    await until(other, "result");
    await until(page, "result");
    const carried = await formProperties(page);
    expect(carried).toMatchObject({ "properties[_pet_portrait_status]": "ready" });
    expect(await formProperties(other)).toEqual(carried);
    await reloadLater(26 * 60)(other);
    await until(other, "result");
    await expect.poll(() => formProperties(other)).toEqual(carried);
    expect(given()).toEqual(["POST photos", "POST portraits"]);
  });

  /** What a browser tells a page that is seen again; a headless one shows every tab all the time. */
  const seeAgain = (page: Page) => page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));

  it("to a tab whose portrait was deleted in another one does not buy it, and may have it painted again", async () => {
    const { page, server, notice } = await visit();
    await paintPortrait(page);
    const other = await page.context().newPage();
    await other.goto(`${server.url}/products/canvas`);
    await until(other, "result");
    await other.getByRole("button", { name: "Delete my photos" }).click();
    await other.getByRole("button", { name: "Delete them" }).click();
    await until(other, "empty");
    await seeAgain(page);
    await until(page, "choosing");
    expect([await formProperties(page), await notice()]).toEqual([{}, expect.stringMatching(/no longer kept/)]);
    await page.locator('[data-part="result-strip"]').waitFor({ state: "hidden" });
    await press(page, "paint");
    await until(page, "result");
    expect(await formProperties(page)).toMatchObject({ "properties[_pet_portrait_status]": "ready" });
  });

  it("to a shop that has lost its way to the server keeps the portrait", async () => {
    const { page } = await visit();
    await paintPortrait(page);
    const asked = page.waitForResponse("**/portraits/por_*");
    await page.route("**/portraits/por_*", (route) =>
      route.fulfill({ status: 404, contentType: "text/html", body: "<h1>Not found</h1>" }),
    );
    await seeAgain(page);
    expect((await asked).status()).toBe(404);
    await page.waitForTimeout(200);
    expect(await formProperties(page)).toMatchObject({ "properties[_pet_portrait_status]": "ready" });
    await page.reload();
    await until(page, "trouble");
    await page.unroute("**/portraits/por_*");
    await press(page, "retry");
    await until(page, "result");
  });

  it("to a tab with a portrait sees what is left today, and not what was left then", async () => {
    const { page, server } = await visit();
    await paintPortrait(page);
    expect(await page.locator('[data-part="left-done"]').isVisible()).toBe(false);
    await page.locator('[data-part="zoom-open"]').click();
    await page.locator('[data-part="zoom-in"]').click();
    server.storefront.script.used = 3;
    await seeAgain(page);
    await expect.poll(() => page.locator('[data-part="left-done"]').textContent()).toMatch(/2/);
    expect(await page.locator('[data-part="zoom-level"]').textContent()).toBe("150%");
    expect(await formProperties(page)).toMatchObject({ "properties[_pet_portrait_status]": "ready" });
  });
});
