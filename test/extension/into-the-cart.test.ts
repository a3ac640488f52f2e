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

/** What the theme’s own form sends, in a real browser: never an old portrait, never none where one is needed. */
describe.runIf(hasChromium)("the way into the cart", { timeout: 60_000 }, () => {
  const { visit } = shopping();

  it("paints a portrait, carries it into the cart and clears the form afterwards", async () => {
    const { server, page, faults, addToCart, notice } = await visit({ query: "ajax" });
    const heard = page.evaluate(
      () =>
        new Promise<string[]>((resolve) => {
          const seen: string[] = [];
          const names = ["pet-processor:photo", "pet-processor:portrait", "pet-processor:cart"];
          for (const name of names) document.addEventListener(name, () => seen.push(name) === 3 && resolve(seen));
        }),
    );
    await paintPortrait(page);
    expect((await heard).sort()).toEqual(["pet-processor:cart", "pet-processor:photo", "pet-processor:portrait"]);
    await page.getByText("Add a name or a note").click();
    await page.getByLabel("Your pet’s name").first().fill("Momo");
    await addToCart();
    await until(page, "added");
    const [portrait] = server.storefront.portraits();
    expect(server.cart.map(({ properties }) => properties)).toEqual([
      {
        Style: "Modern",
        Pet: "Momo",
        _pet_portrait_id: portrait?.id,
        _pet_portrait_url: portrait?.image?.url,
        _pet_portrait_status: "ready",
      },
    ]);
    expect([await formProperties(page), faults]).toEqual([{}, []]);
    await addToCart();
    expect(await notice()).toContain("already in your cart");
    await press(page, "again");
    expect(Object.keys(await formProperties(page))).toHaveLength(5);
  });

  it("stops a product that needs a portrait, and leads to what is missing", async () => {
    const { server, page, addToCart, notice } = await visit();
    await addToCart();
    expect(await notice()).toContain("Choose a photo of your pet first");
    expect(await page.evaluate(() => document.activeElement?.matches('input[type="file"]'))).toBe(true);
    await choosePhoto(page);
    await addToCart();
    expect(await focusedText(page)).toBe("Paint my pet");
    expect(server.cart).toEqual([]);
  });

  it("lets a product go where a portrait is an extra, but not while one is being painted", async () => {
    const { server, page, addToCart, notice } = await visit({
      script: { stageMs: 20_000 },
      query: "ajax",
      settings: { required: false },
    });
    await addToCart();
    await expect.poll(() => server.cart.length).toBe(1);
    await choosePhoto(page);
    await press(page, "paint");
    await until(page, "working");
    await addToCart();
    expect([server.cart.length, await notice()]).toEqual([1, expect.stringContaining("still being painted")]);
    await press(page, "cancel");
    await until(page, "choosing");
    await expect.poll(() => server.storefront.portraits()[0]?.status).toBe("cancelled");
  });

  it("never carries the portrait of one product on another", async () => {
    const { server, page, addToCart, notice } = await visit();
    await paintPortrait(page);
    await page.goto(`${server.url}/products/mug`);
    await page.waitForTimeout(300);
    expect(await formProperties(page)).toEqual({});
    await addToCart();
    expect([server.cart.length, await notice()]).toEqual([0, expect.stringContaining("Choose a photo")]);
  });

  it.each(["bar", "bar&ajax"])(
    "goes along with another form of the same product, and with its own after that (%s)",
    async (query) => {
      const { server, page } = await visit({ query });
      await paintPortrait(page);
      const carried = { _pet_portrait_status: "ready" };
      // The cart has it before the browser has left: who goes back then goes nowhere, or never closes.
      const leaves = () => (query === "bar" ? page.waitForURL(/\/cart/) : null);
      await page.getByRole("button", { name: "Buy it" }).click();
      await expect.poll(() => server.cart).toMatchObject([{ properties: carried }]);
      await leaves();
      if (query === "bar") await page.goBack();
      await until(page, "added");
      await press(page, "again");
      await until(page, "result");
      await page.getByRole("button", { name: "Add to cart" }).click();
      await expect.poll(() => server.cart).toMatchObject([{ properties: carried }, { properties: carried }]);
      await leaves();
    },
  );

  it("keeps two blocks on one page apart, each with its own product", async () => {
    const { server, page, notice } = await visit({ query: "two&ajax" });
    const featured = page.locator("#shopify-section-featured");
    await featured.locator('input[type="file"]').first().setInputFiles(dogPhoto);
    await featured.locator('pet-processor[data-state="choosing"]').waitFor();
    await featured.locator('[data-do="paint"]:visible').click();
    await featured.locator('pet-processor[data-state="result"]').waitFor();
    await page.locator("#shopify-section-main form button").click();
    expect([await notice(), server.cart.length]).toEqual([expect.stringContaining("portrait"), 0]);
    await featured.locator("form button").click();
    await featured.locator('pet-processor[data-state="added"]').waitFor();
    expect(server.cart).toMatchObject([{ id: "9333", properties: { _pet_portrait_status: "ready" } }]);
  });

  it("lets a new photo take the old portrait out of the form at once", async () => {
    const { page } = await visit();
    await paintPortrait(page);
    await page.locator('pet-processor input[type="file"]').first().setInputFiles(catPhoto);
    await until(page, "choosing");
    expect(await formProperties(page)).toEqual({});
  });

  it("knows after coming back from the cart that the portrait is in it", async () => {
    const { page, addToCart } = await visit();
    await paintPortrait(page);
    await addToCart();
    await page.waitForURL("**/cart");
    await page.goBack();
    await until(page, "added");
    expect(await formProperties(page)).toEqual({});
  });

  it("never blocks the sale at zero: the photo is kept and the order goes on", async () => {
    const { server, page, addToCart } = await visit({ script: { used: 5 } });
    await choosePhoto(page);
    expect(await page.locator('[data-part="blocked"]').textContent()).toMatch(/New ones from .*\d/);
    await press(page, "after");
    await until(page, "pending");
    await addToCart();
    await page.waitForURL("**/cart");
    expect(server.cart[0]?.properties).toMatchObject({ Style: "Modern", _pet_portrait_status: "pending" });
    expect(server.cart[0]?.properties).not.toHaveProperty("_pet_portrait_url");
  });
});
