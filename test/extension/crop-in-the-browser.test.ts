import AxeBuilder from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { CropJson } from "#app/http/storefront-api.ts";
import { doubleClick, drag, openCropPage, pointAt, quarters, type CropPage, type CropWindow } from "./crop-page.ts";
import { hasChromium, openBrowser } from "./harness/browser.ts";

/** The real snippet, sheet and script in a real browser, under a mouse, fingers and keys. */
describe.runIf(hasChromium)("the crop stage in a browser", { timeout: 60_000 }, () => {
  let browser: Browser;
  let open: CropPage;

  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    expect(open.faults).toEqual([]);
    await open.end();
  });

  async function start(options: Parameters<typeof openCropPage>[1] = {}): Promise<Page> {
    open = await openCropPage(browser, options);
    await open.show();
    return open.page;
  }

  const stage = (page: Page) => page.locator('[data-part="crop"]');
  const tool = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
  const last = async () => (await open.told()).at(-1)?.crop ?? null;
  const live = (page: Page) => page.locator('[data-part="crop-live"]');
  const partly = (crop: Partial<CropJson>) => expect.objectContaining(crop) as object;
  const eventually = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 10_000 });
  const hasCrop = (crop: object | null) => eventually(last).toEqual(crop);

  const filling = { y: 0, width: 0.5334, height: 1, turn: 0 };

  it("shows the whole photo and says nothing as long as nobody touches it", async () => {
    const page = await start();
    await stage(page).click();
    expect([await open.told(), await live(page).textContent()]).toEqual([[], ""]);
    const states = await page.locator("[data-crop]").evaluateAll((tools) => tools.map((one) => one.ariaDisabled));
    expect(states).toEqual(["true", "false", null, "true", "true"]);
    await open.show(null);
    expect(await tool(page, "Turn").isVisible()).toBe(false);
  });

  it("fills the frame with a double click, is dragged up to the photo's edge, and goes back step by step", async () => {
    const page = await start();
    await doubleClick(page, 0.5, 0.4);
    await hasCrop({ ...filling, x: 0.2333 });
    await drag(page, [0.2, 0.5], [0.7, 0.5]);
    await hasCrop(partly({ x: 0 }));
    await drag(page, [0.9, 0.5], [0.1, 0.5]);
    await drag(page, [0.9, 0.5], [0.1, 0.5]);
    await hasCrop({ ...filling, x: 0.4666 });
    expect(await open.told()).toHaveLength(4);
    await tool(page, "Undo").click();
    await tool(page, "Undo").click();
    await hasCrop({ ...filling, x: 0 });
    await tool(page, "Undo").click();
    await tool(page, "Undo").click();
    await hasCrop(null);
    expect(await tool(page, "Undo").getAttribute("aria-disabled")).toBe("true");
  });

  it("tells of a drag when it is over, and not before", async () => {
    const page = await start();
    await tool(page, "Zoom in").click();
    const before = await open.told();
    const { x, y } = await pointAt(page, 0.5, 0.3);
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x - 60, y);
    await page.waitForTimeout(300);
    expect(await open.told()).toEqual(before);
    await page.mouse.up();
    await eventually(open.told).toHaveLength(before.length + 1);
  });

  it("brings a spot that is tapped to the middle, for those who cannot drag", async () => {
    const page = await start();
    await tool(page, "Zoom in").click();
    await tool(page, "Zoom in").click();
    await tool(page, "Zoom in").click();
    await hasCrop({ ...filling, x: 0.2333 });
    const { x, y } = await pointAt(page, 0.75, 0.5);
    await page.mouse.click(x, y);
    await hasCrop({ ...filling, x: expect.closeTo(0.3667, 3) });
  });

  it("leaves a plain wheel to the page, and zooms with Ctrl about the pointer", async () => {
    const page = await start();
    const { x, y } = await pointAt(page, 0, 0.5);
    await page.mouse.move(x + 1, y);
    await page.mouse.wheel(0, 200);
    await eventually(() => page.evaluate(() => scrollY)).toBeGreaterThan(0);
    expect(await open.told()).toEqual([]);
    await page.evaluate(() => scrollTo(0, 0));
    await page.mouse.move(x + 1, y);
    await page.keyboard.down("Control");
    for (let notch = 0; notch < 3; notch += 1) await page.mouse.wheel(0, -120);
    await page.keyboard.up("Control");
    // Three notches of e^0.25, and the left edge of the photo stays where the pointer holds it.
    await hasCrop({ x: expect.closeTo(0, 2), y: 0.0568, width: 0.4724, height: 0.8858, turn: 0 });
    expect(await page.evaluate(() => scrollY)).toBe(0);
  });

  it("counts what is on show when a button is pressed right after the wheel", async () => {
    const page = await start();
    await page.evaluate(() => {
      const button = document.querySelector("main > div > button");
      button?.addEventListener(
        "click",
        () => (button.textContent = String((globalThis as CropWindow).crop.told.length)),
      );
    });
    const { x, y } = await pointAt(page, 0.5, 0.5);
    await page.mouse.move(x, y);
    // Both in one task: the rest after the wheel cannot have been waited for.
    await stage(page).evaluate((element) => {
      const [clientX, clientY] = [200, 300];
      const options = { bubbles: true, cancelable: true, clientX, clientY };
      element.dispatchEvent(new WheelEvent("wheel", { ...options, ctrlKey: true, deltaY: -100 }));
      const button = document.querySelector<HTMLElement>("main > div > button");
      button?.dispatchEvent(new PointerEvent("pointerdown", options));
      button?.click();
    });
    expect(await page.locator("main > div > button").textContent()).toBe("1");
  });

  it("zooms with two fingers on a trackpad in the browsers that have events of their own for it", async () => {
    const page = await start();
    await stage(page).evaluate((element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      const middle = { clientX: left + width / 2, clientY: top + height / 2 };
      for (const [type, scale] of [
        ["gesturestart", 1],
        ["gesturechange", 1.5],
        ["gesturechange", 2],
      ] as const) {
        element.dispatchEvent(Object.assign(new Event(type, { cancelable: true }), { ...middle, scale }));
      }
    });
    await hasCrop({ x: 0.25, y: expect.any(Number), width: 0.5, height: expect.any(Number), turn: 0 });
  });

  it("is led by keys, and lets the page have its own", async () => {
    const page = await start();
    await stage(page).focus();
    await page.evaluate(() =>
      addEventListener("keydown", ({ key, defaultPrevented }) => (document.title = `${key} ${defaultPrevented}`)),
    );
    // With nothing to move an arrow is left to the page, which scrolls.
    await page.keyboard.press("ArrowDown");
    expect(await page.title()).toBe("ArrowDown false");
    await page.keyboard.press("+");
    await hasCrop(partly({ width: 0.8 }));
    await page.keyboard.press("ArrowLeft");
    await hasCrop(partly({ width: 0.8, x: 0.14 }));
    await page.keyboard.press("ArrowRight");
    await hasCrop(partly({ width: 0.8, x: 0.1 }));
    await page.keyboard.press("r");
    await hasCrop(partly({ turn: 90 }));
    await page.keyboard.press("Control+z");
    await hasCrop(partly({ turn: 0 }));
    await page.keyboard.press("-");
    await hasCrop(null);
    await page.keyboard.press("Meta+z");
    await page.keyboard.press("0");
    await hasCrop(null);
  });

  it("says each change once, in words, when it has come to rest", async () => {
    const page = await start();
    await page.evaluate(() => {
      const said: string[] = [];
      const region = document.querySelector('[data-part="crop-live"]');
      new MutationObserver(() => region?.textContent && said.push(region.textContent)).observe(region as Node, {
        childList: true,
      });
      Object.assign(window, { said });
    });
    const said = () => page.evaluate(() => (window as unknown as { said: string[] }).said);
    await tool(page, "Zoom in").evaluate((button: HTMLElement) => [1, 2].forEach(() => button.click()));
    await eventually(said).toEqual(["Zoomed to 156%"]);
    await tool(page, "Turn").click();
    await eventually(said).toHaveLength(2);
    await stage(page).focus();
    await page.keyboard.press("ArrowUp");
    await eventually(said).toHaveLength(3);
    await tool(page, "Undo").click();
    await eventually(said).toHaveLength(4);
    await tool(page, "Undo").click();
    await eventually(said).toHaveLength(5);
    await page.keyboard.press("0");
    await eventually(said).toHaveLength(6);
    expect((await said()).slice(1)).toEqual([
      "Turned",
      "Moved",
      "Last change undone",
      "Last change undone",
      "Whole photo",
    ]);
  });

  it("can be moved by two sliders that only assistive technology meets", async () => {
    const page = await start();
    const across = page.getByRole("slider", { name: "Photo, from left to right" });
    const down = page.getByRole("slider", { name: "Photo, from top to bottom" });
    expect([await across.isDisabled(), await down.isDisabled()]).toEqual([true, true]);
    for (let press = 0; press < 3; press += 1) await tool(page, "Zoom in").click();
    expect([await across.isDisabled(), await down.isDisabled()]).toEqual([false, true]);
    expect(await across.inputValue()).toBe("50");
    await across.fill("100");
    await hasCrop({ ...filling, x: 0.4666 });
  });

  it("keeps each photo's steps to itself, and begins anew with another photo or another crop", async () => {
    const page = await start();
    const undo = () => tool(page, "Undo").getAttribute("aria-disabled");
    await tool(page, "Turn").click();
    const crop = { x: 0, y: 0, width: 1, height: 1, turn: 90 as const };
    await hasCrop(crop);
    await open.show({ crop });
    expect(await undo()).toBe("false");
    await open.show({ key: "2", url: "/photo.jpg?2" });
    expect(await undo()).toBe("true");
    await open.show({ crop });
    expect(await undo()).toBe("false");
    await open.show({ url: "/photo.jpg?3", crop });
    expect(await undo()).toBe("true");
    // Made for another frame. That alone is no change that a shopper made.
    await open.show({ crop: { x: 0.25, y: 0.25, width: 0.5, height: 0.5, turn: 0 } });
    expect(await undo()).toBe("true");
    expect(await open.told()).toHaveLength(1);
  });

  describe("under fingers", () => {
    const phone = { viewport: { width: 375, height: 812 }, hasTouch: true, isMobile: true };

    async function fingers(page: Page) {
      const cdp = await page.context().newCDPSession(page);
      let timestamp = Date.now() / 1000;
      const send = async (type: "touchStart" | "touchMove" | "touchEnd", ...at: [number, number][]) => {
        timestamp += 0.05;
        const touchPoints = await Promise.all(at.map(async ([x, y], id) => ({ ...(await pointAt(page, x, y)), id })));
        await cdp.send("Input.dispatchTouchEvent", { type, touchPoints, timestamp });
      };
      return { down: send.bind(null, "touchStart"), move: send.bind(null, "touchMove"), up: () => send("touchEnd") };
    }

    it("is pinched about the middle of two of them, at rest too", async () => {
      const page = await start({ context: phone });
      const { down, move, up } = await fingers(page);
      await down([0.4, 0.5]);
      await down([0.4, 0.5], [0.6, 0.5]);
      for (const spread of [0.12, 0.16, 0.2, 0.25]) await move([0.5 - spread, 0.5], [0.5 + spread, 0.5]);
      await up();
      await hasCrop({
        x: expect.closeTo(0.3, 2),
        y: expect.closeTo(0.125, 2),
        width: expect.closeTo(0.4, 3),
        height: expect.closeTo(0.75, 3),
        turn: 0,
      });
      expect(await open.told()).toHaveLength(1);
      expect(await page.evaluate(() => visualViewport?.scale)).toBe(1);
    });

    it("leaves one to the page at rest, and is moved by it when it is larger than the frame", async () => {
      const page = await start({ context: phone });
      const { down, move, up } = await fingers(page);
      const swipe = async () => {
        await down([0.5, 0.8]);
        for (const y of [0.7, 0.6, 0.5, 0.4]) await move([0.5, y]);
        await up();
      };
      await swipe();
      await eventually(() => page.evaluate(() => scrollY)).toBeGreaterThan(20);
      expect(await open.told()).toEqual([]);
      await page.evaluate(() => scrollTo(0, 0));
      for (let press = 0; press < 5; press += 1) await tool(page, "Zoom in").tap();
      const before = await last();
      await swipe();
      await eventually(last).not.toEqual(before);
      expect((await last())?.y).toBeGreaterThan(before?.y ?? 1);
      expect(await page.evaluate(() => scrollY)).toBe(0);
    });

    it("fills the frame with a double tap", async () => {
      const page = await start({ context: phone });
      const { down, up } = await fingers(page);
      for (let tap = 0; tap < 2; tap += 1) {
        await down([0.5, 0.4]);
        await up();
      }
      await hasCrop({ ...filling, x: 0.2333 });
    });
  });

  it.each(["ltr", "rtl"])("shows what it tells, in a page that runs %s", async (dir) => {
    const page = await start({ dir, context: { reducedMotion: "reduce" } });
    // Narrower than the frame, so that it matters from which side it is laid.
    const size = { width: 1000, height: 1500 };
    const photo = await quarters(size);
    await open.show({ url: "/tall.jpg", photo: size });
    for (const press of ["Zoom in", "Zoom in", "Zoom in", "Turn", "Zoom in", "Turn", "Turn"]) {
      await tool(page, press).click();
    }
    await drag(page, [0.5, 0.5], [0.42, 0.46]);
    await eventually(open.told).toHaveLength(8);
    const crop = await last();
    if (!crop) throw new Error("There is no crop.");
    const seen = await colours(await stage(page).screenshot());
    expect(crop.turn).toBe(270);
    expect(seen).toEqual(await colours(await cut(photo, crop)));
    expect(new Set(seen).size).toBeGreaterThan(1);
  });

  /** As the server cuts it: turned first, then the part. */
  async function cut(photo: Buffer, { x, y, width, height, turn }: CropJson): Promise<Buffer> {
    const { data, info } = await sharp(photo).rotate(turn).png().toBuffer({ resolveWithObject: true });
    return sharp(data)
      .extract({
        left: Math.round(x * info.width),
        top: Math.round(y * info.height),
        width: Math.round(width * info.width),
        height: Math.round(height * info.height),
      })
      .png()
      .toBuffer();
  }

  /** On a grid that leaves the tools and the frame's edges out: which of the primary colours are there. */
  async function colours(picture: Buffer): Promise<string[]> {
    const { data } = await sharp(picture)
      .resize(400, 500, { fit: "fill" })
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const steps = [20, 60, 100, 140, 180, 220, 260, 300, 340, 380];
    return steps.flatMap((y) =>
      steps.map((x) => [0, 1, 2].map((c) => Math.round((data[(y * 400 + x) * 3 + c] ?? 0) / 255)).join("")),
    );
  }

  it.each(["light", "dark"])("has no accessibility fault in the %s scheme", async (scheme) => {
    const page = await start({ scheme });
    const check = async () => {
      const { violations } = await new AxeBuilder({ page })
        .include(".pet-processor")
        .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
        .analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`)).toEqual([]);
    };
    await check();
    await tool(page, "Zoom in").click();
    await check();
    const group = page.getByRole("group", { name: "The part of your photo that is painted" });
    expect(await group.getAttribute("aria-describedby")).toBe("pet-processor-crop-crop-keys");
    await group.focus();
    for (const name of ["Zoom out", "Zoom in", "Turn", "Whole photo", "Undo", "Paint my pet"]) {
      await page.keyboard.press("Tab");
      expect(await page.evaluate(() => document.activeElement?.ariaLabel ?? document.activeElement?.textContent)).toBe(
        name,
      );
    }
  });
});
