import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { desktop, openBrowser, openContext, phone } from "./chromium.ts";
import { cartLines, catPath, dogPath, freshPhoto, openProduct } from "./product-page.ts";

const preview = inject("preview");

/** Who hears the page instead of seeing it, and who has a bad line: the whole way, on the local Shopify. */
describe.skipIf(preview === null)("a shopper", { timeout: 180_000 }, () => {
  const { shopUrl = "" } = preview ?? {};
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());
  afterEach(() => page.context().close());

  const come = async (options: Parameters<typeof openContext>[1]) => {
    page = await (await openContext(browser, options)).newPage();
    return `${shopUrl}/products/pet-canvas?theme=dawn`;
  };

  it("does it all by accessible names alone: two pets, a crop, a portrait compared, named, noted and bought", async () => {
    const address = await come(desktop);
    await page.goto(address);
    const button = (name: string) => page.getByRole("button", { name, exact: true });
    await page.getByLabel("Choose a photo").setInputFiles(dogPath);
    await button("Show pet 1").waitFor();
    await page.getByLabel("Add a pet").setInputFiles(catPath);
    await button("Show pet 2").waitFor();
    await button("Show pet 1").click();
    await button("Zoom in").click();
    await page.getByRole("radio", { name: "Sketch" }).check({ force: true });
    await button("Paint my pet").click();
    await page.getByRole("progressbar", { name: "Progress of your portrait" }).waitFor();
    await page.getByRole("heading", { name: "Your portrait, Sketch" }).waitFor({ timeout: 90_000 });
    await page.getByText("Add a name or a note").click();
    await page.getByRole("textbox", { name: "Name of pet 1 (optional)" }).fill("Rex");
    await page.getByRole("textbox", { name: "Name of pet 2 (optional)" }).fill("Momo");
    await page.getByRole("textbox", { name: "A note to us (optional)" }).fill("Side by side");
    await button("Look closer").click();
    await page.getByRole("dialog", { name: "Your portrait, up close" }).waitFor();
    await button("Close").click();
    await page
      .getByRole("button", { name: /add to cart/i })
      .first()
      .click();
    await expect
      .poll(async () => (await cartLines(page))[0]?.properties)
      .toMatchObject({ Style: "Sketch", Pet: "Rex, Momo", _pet_note: "Side by side", _pet_portrait_status: "ready" });
    await page.getByRole("heading", { name: "In your cart" }).waitFor();
  });

  it("gets a portrait on slow 3G with a slow phone, and sees in the meantime how far it is", async () => {
    const address = await come(phone);
    const line = await page.context().newCDPSession(page);
    await line.send("Network.enable");
    const [downloadThroughput, uploadThroughput] = [50_000, 50_000];
    await line.send("Network.emulateNetworkConditions", {
      offline: false,
      latency: 400,
      downloadThroughput,
      uploadThroughput,
    });
    await line.send("Emulation.setCPUThrottlingRate", { rate: 4 });
    const product = await openProduct(page, address);
    await product.choosePhoto(await freshPhoto(61));
    await product.press("Paint my pet");
    await product.waitFor("working");
    await product.studio.getByRole("status").filter({ hasText: "Sending your photo" }).waitFor({ state: "attached" });
    await product.waitFor("result", 120_000);
  });

  it("is told that they are offline, loses nothing, and goes on by itself when the line is back", async () => {
    const address = await come(phone);
    const product = await openProduct(page, address);
    await product.choosePhoto(await freshPhoto(62));
    await page.context().setOffline(true);
    await product.press("Paint my pet");
    await product.waitFor("trouble");
    await product.studio.getByText("You seem to be offline").filter({ visible: true }).first().waitFor();
    await page.context().setOffline(false);
    await product.waitFor("result", 90_000);
  });
});
