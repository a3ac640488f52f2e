import sharp from "sharp";
import { afterEach, describe, expect, it } from "vitest";
import type { PortraitRequestJson } from "../../app/http/storefront-api.ts";
import {
  catPhoto,
  choosePhoto,
  dogPhoto,
  formProperties,
  hasChromium,
  paintPortrait,
  press,
  until,
} from "./harness/browser.ts";
import { shopping } from "./harness/visit.ts";

/** What a shopper does to the picture before and after it is painted, in the real block with all its scripts. */
describe.runIf(hasChromium)("a picture of pets", { timeout: 90_000 }, () => {
  const { visit, shopper } = shopping();
  const wishes = () =>
    shopper()
      .server.storefront.calls.filter(({ method, path }) => method === "POST" && path === "portraits")
      .map(({ body }) => body as PortraitRequestJson);
  const addPet = (photo: string) => shopper().page.locator("input[data-beside]").setInputFiles(photo);
  const faces = () => shopper().page.locator('[data-pet="show"]');

  afterEach(async () => {
    // A browser writes down that a picture's address leads nowhere, which is what some of these make happen.
    expect(shopper().faults.filter((fault) => !fault.includes("404"))).toEqual([]);
  });

  it("shows up to three together, each removable, and asks for them in their order", async () => {
    const { page } = await visit();
    await choosePhoto(page);
    await addPet(catPhoto);
    await expect.poll(() => faces().count()).toBe(2);
    await addPet(dogPhoto);
    await expect.poll(() => faces().count()).toBe(3);
    expect(await page.locator('[data-part="add-pet"]').isVisible()).toBe(false);
    await page.getByRole("button", { name: "Remove pet 1" }).click();
    await expect.poll(() => faces().count()).toBe(2);
    await press(page, "paint");
    await until(page, "result");
    const photos = wishes()[0]?.photos.map((photo) => "id" in photo && photo.id) ?? [];
    expect(photos).toHaveLength(2);
    expect(new Set(photos).size).toBe(2);
  });

  it("carries a name for each of them and a note into the cart, and forgets both with another photo", async () => {
    const { page, server } = await visit({ query: "ajax" });
    await choosePhoto(page);
    await addPet(catPhoto);
    await expect.poll(() => faces().count()).toBe(2);
    await press(page, "paint");
    await until(page, "result");
    await page.getByText("Add a name or a note").click();
    await page.getByLabel("Name of pet 1 (optional)").fill("Rex");
    await page.getByLabel("Name of pet 2 (optional)").fill("Momo");
    await page.getByLabel("A note to us (optional)").fill("On a white ground, please");
    expect(await page.getByText("175 characters left").isVisible()).toBe(true);
    expect(await formProperties(page)).toMatchObject({
      "properties[Pet]": "Rex, Momo",
      "properties[_pet_note]": "On a white ground, please",
    });
    await shopper().addToCart();
    await until(page, "added");
    expect(server.cart[0]?.properties).toMatchObject({ Pet: "Rex, Momo", _pet_note: "On a white ground, please" });
    expect(await formProperties(page)).toEqual({});
    await press(page, "again");
    await until(page, "result");
    expect(await formProperties(page)).toMatchObject({ "properties[Pet]": "Rex, Momo" });
    await paintPortrait(page);
    const properties = await formProperties(page);
    expect(Object.keys(properties).filter((name) => /Pet\]|note/.test(name))).toEqual([]);
  });

  it("is painted from the part that was chosen, and undone it is painted from the whole", async () => {
    const { page } = await visit();
    await choosePhoto(page);
    const tool = (name: string) => page.getByRole("button", { name, exact: true });
    await tool("Zoom in").click();
    await tool("Turn").click();
    await page.waitForTimeout(700);
    await press(page, "paint");
    await until(page, "result");
    expect(wishes()[0]?.photos[0]?.crop).toMatchObject({ turn: 90 });
    await press(page, "style");
    await page.locator('[data-pet="show"]').first().click();
    await tool("Undo").click();
    await tool("Undo").click();
    await page.waitForTimeout(700);
    await press(page, "paint");
    await until(page, "result");
    expect(wishes()[1]?.photos[0]?.crop).toBeUndefined();
  });

  it("is there at once where this browser has had it painted, and the server is asked behind it", async () => {
    const { page, server, calls } = await visit();
    await paintPortrait(page);
    await choosePhoto(page);
    const looks = () => calls().filter((call) => call === "GET portraits/ID").length;
    const looksBefore = looks();
    await press(page, "paint");
    await until(page, "result");
    expect(wishes()).toHaveLength(1);
    await expect.poll(looks).toBe(looksBefore + 1);
    // What was deleted there is painted again, without a word.
    server.storefront.forgetPortraits();
    await choosePhoto(page);
    await press(page, "paint");
    await expect.poll(() => wishes().length).toBe(2);
    await until(page, "result");
  });

  it("is painted anew for another take, also where an earlier one is on show that has later ones", async () => {
    const { page } = await visit();
    await paintPortrait(page);
    await press(page, "take");
    await expect.poll(() => wishes().length).toBe(2);
    await until(page, "result");
    await page.locator('[data-part="result-strip"] button:not([aria-current])').click();
    await page.locator('[data-part="result-strip"] li:last-child button[aria-current]').waitFor();
    await press(page, "take");
    await expect.poll(() => wishes().map(({ take }) => take)).toEqual([1, 2, 3]);
    await until(page, "result");
  });

  it("comes back after a reload with its photo, so that it can be compared and painted once more", async () => {
    const { page, calls } = await visit();
    await paintPortrait(page);
    await page.reload();
    await until(page, "result");
    await page.getByRole("slider", { name: "Compare with your photo" }).waitFor();
    await press(page, "style");
    await until(page, "choosing");
    await press(page, "paint");
    await until(page, "result");
    expect(calls().filter((call) => call === "POST photos")).toHaveLength(1);
  });

  it("is gone with everything else once the shopper has it deleted, and this browser remembers nothing", async () => {
    const { page } = await visit();
    await paintPortrait(page);
    await page.getByRole("button", { name: "Delete my photos" }).click();
    await page.getByRole("button", { name: "Delete them" }).click();
    await until(page, "empty");
    const receipt = page.locator('[data-part="result-forget-said"]');
    expect(await receipt.textContent()).toBe("1 photo and 1 portrait deleted.");
    expect(await formProperties(page)).toEqual({});
    const kept = () =>
      page.evaluate(async () => {
        const database = await new Promise<IDBDatabase>((resolve) => {
          const opening = indexedDB.open("pet-processor");
          opening.onsuccess = () => resolve(opening.result);
        });
        const counts = [...database.objectStoreNames].map((name) => {
          const request = database.transaction(name).objectStore(name).count();
          return new Promise<number>((resolve) => (request.onsuccess = () => resolve(request.result)));
        });
        return Promise.all(counts);
      });
    await expect.poll(kept).toEqual([0, 0]);
    await page.reload();
    await page.waitForTimeout(300);
    expect(await page.locator("pet-processor").getAttribute("data-state")).toBe("empty");
  });

  it("is not remembered by the browser where the shopper does not want it", async () => {
    const { page } = await visit({ query: "refuses" });
    await paintPortrait(page);
    await choosePhoto(page);
    await press(page, "paint");
    await until(page, "result");
    expect(wishes()).toHaveLength(2);
  });

  it("is warned of a photo that is not so good before anything is sent, and may be painted all the same", async () => {
    const { page, calls } = await visit();
    const buffer = await sharp(dogPhoto).resize(400, 400).jpeg().toBuffer();
    await choosePhoto(page, { name: "small.jpg", mimeType: "image/jpeg", buffer });
    const flaw = page.locator('[data-part="flaw"]');
    expect((await flaw.textContent())?.length).toBeGreaterThan(20);
    expect(calls().filter((call) => /POST (photos|uploads|portraits)/.test(call))).toEqual([]);
    await press(page, "paint");
    await until(page, "result");
  });
});
