import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { hasChromium, openBrowser } from "./harness/browser.ts";
import { openResultPage, type ResultPage, type ResultPageOptions } from "./harness/result-page.ts";

/** What the browser's own was asked to do, where a test has put a stub at its edge. */
declare global {
  interface Window {
    asked: string[];
    answers: string[];
  }
}

const part = (page: Page, name: string) => page.locator(`[data-part="${name}"]`);
const focused = (page: Page) => page.evaluate(() => (document.activeElement as HTMLElement).dataset["part"]);
const formTop = (page: Page) => page.locator("form").evaluate((form) => form.getBoundingClientRect().top + scrollY);
const noShare = () => Object.assign(navigator, { canShare: undefined });

/** A browser that shares files; each share ends as the next of `answers` says: the name of an error, or nothing. */
function sharing(): void {
  window.asked = [];
  window.answers = [];
  Object.assign(navigator, {
    canShare: ({ files }: ShareData) => files?.[0]?.type === "image/jpeg",
    share: async ({ files, text, url, title }: ShareData) => {
      const file = files?.[0];
      const said = [text, url, title].filter(Boolean).join();
      window.asked.push(`${file?.name} ${file?.type} ${(file?.size ?? 0) > 1000}${said}`);
      const name = window.answers.shift();
      if (name) throw new DOMException("", name);
    },
  });
}

describe.runIf(hasChromium)("what a shopper does with a portrait", { timeout: 60_000 }, () => {
  let browser: Browser;
  let open: ResultPage;
  const visit = async (options: ResultPageOptions = {}) => (open = await openResultPage(browser, options));
  const told = () => part(open.page, "result-said");
  const live = () => part(open.page, "live").textContent();
  const button = (name: string) => open.page.getByRole("button", { name, exact: true });

  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    expect(open.faults).toEqual([]);
    expect([...open.hosts].filter((host) => host && host !== new URL(open.server.url).host)).toEqual([]);
    await open.end();
  });

  it("shares the picture as a file and nothing else", async () => {
    const { page, show } = await visit({ init: sharing });
    await show({ styleName: "Pen & Marker" });
    expect(await button("Copy link").isVisible()).toBe(false);
    await button("Share").click();
    await page.waitForFunction(() => window.asked.length === 1);
    expect(await page.evaluate(() => window.asked)).toEqual(["portrait-pen-marker.jpg image/jpeg true"]);
    expect(await told().isVisible()).toBe(false);
  });

  it("says nothing of a share that the shopper takes back, and what to do where one failed", async () => {
    const { page, show } = await visit({ init: sharing });
    await show();
    await page.evaluate(() => window.answers.push("AbortError", "NotAllowedError", "DataError"));
    await button("Share").click();
    await page.waitForFunction(() => window.asked.length === 1);
    expect(await told().isVisible()).toBe(false);
    await button("Share").click();
    await page.getByText("The picture is ready. Press Share once more.").first().waitFor();
    await button("Share").click();
    await page.getByText("Sharing did not work here. You can save the picture instead.").first().waitFor();
    expect(await live()).toBe("Sharing did not work here. You can save the picture instead.");
  });

  it("copies the picture's address where files cannot be shared, or lays it out to be copied", async () => {
    const { page, show, portraits } = await visit({
      init: noShare,
      context: { permissions: ["clipboard-read", "clipboard-write"] },
    });
    await show();
    expect(await button("Share").isVisible()).toBe(false);
    await button("Copy link").click();
    await page.getByText("The link is copied.").first().waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(portraits[0]?.image?.url);
    await page.evaluate(() => (navigator.clipboard.writeText = () => Promise.reject(new Error("forbidden"))));
    await button("Copy link").click();
    const address = page.getByLabel("Address of the picture");
    await address.waitFor();
    expect(await page.evaluate(() => getSelection()?.toString())).toBe(portraits[0]?.image?.url);
    expect(await live()).toBe("Here is the address, ready to copy.");
  });

  it("saves the picture as a file with a name of its own", async () => {
    const { page, show } = await visit();
    await show();
    const download = page.waitForEvent("download");
    await button("Save picture").click();
    expect((await download).suggestedFilename()).toBe("portrait-modern.jpg");
    expect(await told().textContent()).toBe("The picture is on its way to your downloads.");
  });

  it("opens the picture in a new tab where a script may not fetch it, and says where it is gone", async () => {
    const { page, show, portraits } = await visit();
    let status = 0;
    await page.route("**/portrait/**", (route) =>
      route.request().resourceType() !== "fetch"
        ? route.continue()
        : status === 0
          ? route.abort()
          : route.fulfill({ status, body: "" }),
    );
    await show();
    const tab = page.context().waitForEvent("page");
    await button("Save picture").click();
    expect(new URL((await tab).url()).pathname).toBe(portraits[0]?.image?.url);
    await page.getByText("The picture is open in a new tab.").first().waitFor();
    status = 404;
    await button("Save picture").click();
    await page.getByText("This picture is no longer kept.").first().waitFor();
    status = 0;
    await page.context().setOffline(true);
    await button("Save picture").click();
    await page.getByText("The picture could not be fetched.").first().waitFor();
  });

  it("chooses among the earlier portraits by name, and the product form does not move for them", async () => {
    const { page, show, portraits } = await visit({ earlier: 4, context: { viewport: { width: 480, height: 900 } } });
    const before = await formTop(page);
    await show();
    const toggle = button("Earlier portraits");
    await toggle.waitFor();
    expect([await formTop(page), await toggle.getAttribute("aria-expanded")]).toEqual([before, "false"]);
    await toggle.press("Enter");
    const row = page.getByRole("list", { name: "Earlier portraits" }).getByRole("button");
    const names = await row.evaluateAll((buttons) => buttons.map((one) => one.getAttribute("aria-label")));
    expect(names.map((name) => name?.replace(/,.*/, ""))).toEqual(["Sketch 2", "Modern 2", "Sketch", "Modern"]);
    expect(await row.evaluateAll((all) => all.map((one) => one.getAttribute("aria-current")))).toEqual([
      "true",
      null,
      null,
      null,
    ]);
    expect(
      await row
        .locator("img")
        .evaluateAll((all) => all.every((image) => (image as HTMLImageElement).loading === "lazy")),
    ).toBe(true);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await show({ portrait: portraits[1] ?? null });
    expect(await page.evaluate(() => window.result.heard.picked.map(({ id }) => id))).toEqual([portraits[1]?.id]);
    // The same button still has the focus, and is now the one on show.
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-current"))).toBe("true");
  });

  it("sees no earlier portraits where there is only the one, until another comes", async () => {
    const { page, show, portraits } = await visit({ earlier: 2 });
    const [second, first] = portraits;
    await page.route("**/portraits?**", (route) => route.fulfill({ json: { portraits: [first] } }));
    const listed = page.waitForResponse("**/portraits?**");
    await show({ portrait: first ?? null });
    await listed;
    expect(await button("Earlier portraits").isVisible()).toBe(false);
    await show(null);
    await show({ portrait: second ?? null });
    await page.getByRole("list", { name: "Earlier portraits" }).waitFor();
    await page.unroute("**/portraits?**");
    await page.route("**/portraits?**", (route) => route.fulfill({ json: { portraits: [] } }));
    await page.evaluate(() => window.result.refresh());
    await button("Earlier portraits").waitFor({ state: "hidden" });
  });

  it("does without earlier portraits where the list does not come", async () => {
    const { server, page, show } = await visit({ earlier: 2 });
    server.storefront.script.refusals.push({ path: "portraits", method: "GET", status: 422 });
    const refused = page.waitForResponse("**/portraits?**");
    await show();
    await refused;
    expect([await button("Save picture").isVisible(), await button("Earlier portraits").isVisible()]).toEqual([
      true,
      false,
    ]);
  });

  it("has everything deleted after one question, and is told how much that was", async () => {
    const { server, page, show } = await visit({ earlier: 3 });
    await show();
    await button("Delete my photos").press("Enter");
    expect(await focused(page)).toBe("result-forget-no");
    await page.keyboard.press("Escape");
    expect([await focused(page), await part(page, "result-forget-question").isVisible()]).toEqual([
      "result-forget",
      false,
    ]);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => window.result.heard.forgotten.length === 1);
    expect(server.storefront.portraits()).toEqual([]);
    // The studio has nothing to show any more; the sentence stays, and has the focus.
    await show(null);
    expect([await focused(page), await part(page, "result-forget-said").textContent(), await live()]).toEqual([
      "result-forget-said",
      "1 photo and 3 portraits deleted.",
      "1 photo and 3 portraits deleted.",
    ]);
    expect(await part(page, "result-forget-said").isVisible()).toBe(true);
    expect(await button("Save picture").isVisible()).toBe(false);
    await show({ portrait: null });
    expect(await button("Delete my photos").isVisible()).toBe(true);
  });

  it("is told in their own language", async () => {
    const { page, show } = await visit({ locale: "ja", earlier: 2 });
    await show();
    await button("写真を削除する").click();
    await button("削除する").click();
    await page.waitForFunction(() => window.result.heard.forgotten.length === 1);
    expect(await part(page, "result-forget-said").textContent()).toBe("写真1枚と肖像画2枚を削除しました。");
  });

  it("can try again where deleting failed, and nothing is said to be deleted", async () => {
    const { server, page, show } = await visit();
    await show();
    server.storefront.script.refusals.push({ path: "photos", method: "DELETE", status: 422, code: "unheard_of" });
    await button("Delete my photos").click();
    await button("Delete them").click();
    await page.waitForFunction(() => !document.querySelector<HTMLElement>('[data-part="result-forget-said"]')?.hidden);
    expect(await part(page, "result-forget-said").textContent()).toBe("The server’s own sentence.");
    expect(await page.evaluate(() => window.result.heard.forgotten)).toEqual([]);
    await button("Delete them").click();
    await page.getByText("1 photo and 1 portrait deleted.").first().waitFor();
  });
});
