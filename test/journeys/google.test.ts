import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openTestHouse, type TestHouse } from "#test/builders/house.ts";
import { quickRemover } from "#test/builders/painter.ts";
import { smallPhoto } from "#test/builders/photos.ts";
import { until } from "#test/builders/quick-house.ts";
import { comeAsShopper } from "#test/builders/storefront.ts";
import { startGoogleStandIns, type GoogleStandIns } from "#test/google/stand-ins.ts";

/** The house as it stands in production: Gemini, Cloud Storage and, where there is an emulator, Firestore. */
describe("the house on Google's SDKs", () => {
  let google: GoogleStandIns;
  let house: TestHouse;
  beforeAll(async () => {
    google = await startGoogleStandIns();
    // The SDKs look at these by themselves.
    for (const name of ["GOOGLE_APPLICATION_CREDENTIALS", "METADATA_SERVER_DETECTION", "FIRESTORE_EMULATOR_HOST"])
      vi.stubEnv(name, google.environment[name]);
    const { DATA_DIR: _, ...environment } = google.environment;
    house = await openTestHouse({ environment, parts: { remover: quickRemover } });
  });
  afterAll(async () => {
    await house.close();
    await google.stop();
  });

  it("paints, keeps the master to itself, shows a preview that may be cached for a week, and charges once", async () => {
    const shopper = await comeAsShopper(house.url);
    expect(shopper.session).toMatchObject({ upload: "direct", limits: { max_bytes: 50_000_000 } });
    const photo = await shopper.give(await smallPhoto(8_001));
    const asked = await shopper.ask(photo);
    expect(asked.status).toBe(202);
    const portrait = await shopper.wait(asked.body.portrait.id);
    expect(portrait).toMatchObject({ status: "ready", painter: "gemini" });
    expect((await shopper.quota()).used).toBe(1);

    const url = portrait.image?.url ?? "";
    const preview = await fetch(url);
    expect([preview.status, preview.headers.get("content-type")]).toEqual([200, "image/jpeg"]);
    expect(preview.headers.get("cache-control")).toBe("public, max-age=604800, immutable");
    const master = url.replace(google.environment.PREVIEW_BUCKET ?? "", google.environment.PRIVATE_BUCKET ?? "");
    expect([401, 403]).toContain((await fetch(master)).status);

    expect((await shopper.ask(photo)).status).toBe(200);
    expect((await shopper.quota()).used).toBe(1);
  });

  it("forgets a shopper's pictures in both buckets, so that their addresses lead nowhere", async () => {
    const shopper = await comeAsShopper(house.url, { customer: "71" });
    const asked = await shopper.ask(await shopper.give(await smallPhoto(8_002)));
    const portrait = await shopper.wait(asked.body.portrait.id);
    const url = portrait.image?.url ?? "";
    expect((await fetch(url)).status).toBe(200);
    expect((await shopper.call("DELETE", "photos")).status).toBe(200);
    await until(async () => [403, 404].includes((await fetch(url)).status));
  });

  it("has caused nothing that somebody should look at", () => {
    expect(house.said.filter(({ level }) => level === "error")).toEqual([]);
  });
});
