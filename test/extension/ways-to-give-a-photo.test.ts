import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { CDPSession, Page } from "playwright-core";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { catPhoto, choosePhoto, dogPhoto, hasChromium, paintPortrait, press, until } from "./harness/browser.ts";
import { shopping } from "./harness/visit.ts";

const sha256 = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");

/** A hand of the browser's own that carries files, or text, over the page: it begins, and may be let go. */
async function dragOver(page: Page, selector: string, what: { files?: string[]; text?: string }) {
  const hand: CDPSession = await page.context().newCDPSession(page);
  await page.locator(selector).scrollIntoViewIfNeeded();
  const box = await page.locator(selector).boundingBox();
  if (!box) throw new Error(`there is no ${selector} to be seen`);
  const items = what.text === undefined ? [] : [{ mimeType: "text/plain", data: what.text }];
  const data = { items, files: what.files ?? [], dragOperationsMask: 1 };
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2, data };
  await hand.send("Input.dispatchDragEvent", { type: "dragEnter", ...at });
  await hand.send("Input.dispatchDragEvent", { type: "dragOver", ...at });
  return {
    drop: () => hand.send("Input.dispatchDragEvent", { type: "drop", ...at }),
    goAway: () => hand.send("Input.dispatchDragEvent", { type: "dragOver", ...at, x: 5, y: 5 }),
  };
}

const frame = '[data-part="frame"]';
const isMarked = (page: Page) => page.locator(frame).evaluate((element) => element.hasAttribute("data-over"));

/** A picture in the browser's own clipboard, as after "Copy image". */
async function copyPicture(page: Page): Promise<void> {
  const png = await sharp(catPhoto).png().toBuffer();
  await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    await navigator.clipboard.write([new ClipboardItem({ "image/png": new Blob([bytes], { type: "image/png" }) })]);
  }, png.toString("base64"));
}

/** The real block in a real browser: every way in which a photo comes, each by the browser's own hand. */
describe.runIf(hasChromium)("a photo is given", { timeout: 60_000 }, () => {
  const { visit, shopper } = shopping({ context: { permissions: ["clipboard-read", "clipboard-write"] } });
  async function sentPhotos(): Promise<(string | null)[]> {
    const { page, server } = shopper();
    await press(page, "paint");
    await until(page, "result");
    const sent = server.storefront.calls.filter(({ method, path }) => `${method} ${path}` === "POST photos");
    return sent.map(({ query }) => query.get("source_sha256"));
  }

  it("by a tap on the button, whichever step it stands in", async () => {
    const { page } = await visit();
    for (const [button, photo] of [
      ['label:has(input[type="file"]:not([capture]))', dogPhoto],
      ['[data-do="choose"]', catPhoto],
    ] as const) {
      const [chooser] = await Promise.all([
        page.waitForEvent("filechooser"),
        page.locator(`${button}:visible`).first().click(),
      ]);
      expect(chooser.isMultiple()).toBe(false);
      await chooser.setFiles(photo);
      await until(page, "choosing");
    }
    await expect.poll(sentPhotos).toEqual([sha256(catPhoto)]);
  });

  it("by the camera, where there is a finger, and not offered where there is a mouse", async () => {
    const desktop = await visit();
    const camera = 'label:has(input[capture="environment"])';
    expect(await desktop.page.locator(camera).isVisible()).toBe(false);
    expect(await desktop.page.getByText("drop it here").isVisible()).toBe(true);
    await desktop.end();
    const { page } = await visit({
      context: { hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } },
    });
    expect(await page.getByText("drop it here").isVisible()).toBe(false);
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.locator(camera).tap()]);
    await chooser.setFiles(catPhoto);
    await until(page, "choosing");
    expect(await sentPhotos()).toEqual([sha256(catPhoto)]);
  });

  it("by being dropped on the frame, which shows that it would take it", async () => {
    const { page } = await visit();
    const passing = await dragOver(page, frame, { files: [catPhoto] });
    await expect.poll(() => isMarked(page)).toBe(true);
    await passing.goAway();
    await expect.poll(() => isMarked(page)).toBe(false);
    const hand = await dragOver(page, frame, { files: [catPhoto] });
    await hand.drop();
    await until(page, "choosing");
    expect(await isMarked(page)).toBe(false);
    // Over a photo with its tools, too: it takes the place of the first.
    await (await dragOver(page, frame, { files: [dogPhoto] })).drop();
    await until(page, "choosing");
    expect(await sentPhotos()).toEqual([sha256(dogPhoto)]);
  });

  it("not by dropped text", async () => {
    const { page } = await visit();
    const hand = await dragOver(page, frame, { text: "https://example.com/cat.jpg" });
    expect(await isMarked(page)).toBe(false);
    await hand.drop();
    expect(await page.locator("pet-processor").getAttribute("data-state")).toBe("empty");
  });

  it("not by the portrait itself, which a browser would hand over as a file once it is pulled", async () => {
    const { page } = await visit();
    await paintPortrait(page);
    await page.evaluate(() => document.addEventListener("dragstart", () => (document.title = "pulled")));
    // As after a reload where the photo is not kept: nothing lies over the portrait.
    await page.locator('[data-part="compare"]').evaluate((compare) => compare.remove());
    const box = await page.locator('[data-part="picture"] img[data-kind="portrait"]').boundingBox();
    const [x, y] = [(box?.x ?? 0) + 120, (box?.y ?? 0) + 120];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 60, y + 60, { steps: 4 });
    await page.mouse.up();
    expect(await page.title()).not.toBe("pulled");
  });

  it("and one that is dropped while a portrait is painted does not take the page away", async () => {
    const { page } = await visit({ script: { stageMs: 600 } });
    await choosePhoto(page);
    await press(page, "paint");
    await until(page, "working");
    await (await dragOver(page, frame, { files: [catPhoto] })).drop();
    await until(page, "result");
  });

  it("by being pasted anywhere on the page", async () => {
    const { page } = await visit();
    await copyPicture(page);
    await page.keyboard.press("Control+v");
    await until(page, "choosing");
    expect(await sentPhotos()).toHaveLength(1);
  });

  it.each([
    ["a field of the page", () => document.createElement("textarea")],
    [
      "a field inside of a component, such as a chat",
      () => {
        const chat = document.createElement("shop-chat");
        chat.attachShadow({ mode: "open" }).append(document.createElement("textarea"));
        return chat;
      },
    ],
    [
      "a text that can be edited",
      () => Object.assign(document.createElement("div"), { contentEditable: "true", textContent: "Text" }),
    ],
  ])("not by being pasted into %s", async (_, make) => {
    const { page } = await visit();
    await copyPicture(page);
    await page.evaluate(`(() => {
      const made = (${make.toString()})();
      document.body.prepend(made);
      (made.shadowRoot?.firstElementChild ?? made).focus();
      document.addEventListener("paste", (event) => setTimeout(() => (document.title = "prevented: " + event.defaultPrevented), 50));
    })()`);
    await page.keyboard.press("Control+v");
    await expect.poll(() => page.title()).toBe("prevented: false");
    expect(await page.locator("pet-processor").getAttribute("data-state")).toBe("empty");
  });
});
