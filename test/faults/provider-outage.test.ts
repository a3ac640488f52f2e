import { describe, expect, it } from "vitest";
import { smallPhoto } from "#test/builders/photos.ts";
import { openTestHouse } from "#test/builders/house.ts";
import { openEmbeddedDatabase } from "#test/builders/databases.ts";
import { quickRemover } from "#test/builders/painter.ts";
import { roomy, until } from "#test/builders/quick-house.ts";
import { comeAsShopper } from "#test/builders/storefront.ts";
import { startFakeGemini } from "#test/google/fake-gemini/start-fake-gemini.ts";
import { report, scaled } from "./figures.ts";

/** Everything that the guard waits for runs so much faster: a second is a third of a minute. */
const faster = 20;
const outageMs = scaled({ short: 60_000, full: 300_000 }) / faster;
/** So many on a slow machine, too, or what was asked before the breaker opened would be most of it. */
const leastWishes = 60;
const callsAtOnce = 2;
const shops = 10;

describe("R5: a provider that is down for minutes", () => {
  it("is left alone after ten calls, burns nobody's quota, and is found again by itself", async () => {
    const provider = await startFakeGemini({ pictures: "flat" });
    const database = await openEmbeddedDatabase();
    const house = await openTestHouse({
      environment: {
        ...roomy,
        PAINTER: "gemini",
        GEMINI_API_KEY: "fake-key",
        GEMINI_BASE_URL: provider.url,
        GEMINI_CALLS_AT_ONCE: String(callsAtOnce),
      },
      parts: {
        database,
        remover: quickRemover,
        guard: {
          pause: { firstMs: 500 / faster, longestMs: 4_000 / faster },
          openForMs: { first: 10_000 / faster, longest: 60_000 / faster },
        },
      },
    });
    const shoppers = await Promise.all(
      Array.from({ length: shops }, (_, n) => comeAsShopper(house.url, { shop: `shop-${n}.myshopify.com` })),
    );
    let photos = 0;
    const wish = async (n: number) => {
      const shopper = shoppers[n % shops] as (typeof shoppers)[number];
      const photo = await shopper.give(await smallPhoto((photos += 1)));
      return { shopper, photo, asked: await shopper.ask(photo) };
    };
    const warm = await wish(0);
    expect((await warm.shopper.wait(warm.asked.body.portrait.id)).status).toBe("ready");
    const charges = () => database.prisma.quotaEntry.count({ where: { state: "done", tier: "day" } });
    const [callsBefore, chargesBefore] = [provider.calls.length, await charges()];
    const callsSince = (model?: string) =>
      provider.calls.slice(callsBefore).filter((call) => model === undefined || call.model === model).length;

    provider.faults.always({ kind: "status", status: 503, message: "The model is overloaded." });
    const endsAtMs = performance.now() + outageMs;
    let [wishes, refused] = [0, 0];
    while (performance.now() < endsAtMs || wishes < leastWishes) {
      const { shopper, photo, asked } = await wish((wishes += 1));
      expect([202, 503]).toContain(asked.status);
      if (asked.status === 202) expect((await shopper.wait(asked.body.portrait.id)).status).toBe("failed");
      if (asked.status === 202) continue;
      refused += 1;
      expect(Number(asked.headers.get("Retry-After"))).toBeGreaterThan(0);
      // What has been painted is given, and who orders is not turned away.
      expect((await warm.shopper.ask(warm.photo)).status).toBe(200);
      expect((await shopper.ask(photo, { pending: true })).status).toBe(201);
    }
    const calls = callsSince();
    // Each model has a breaker of its own: when the usual one is known to be down, the cheaper one is tried.
    const models = [...new Set(provider.calls.map(({ model }) => model))];
    const opens = house.said.filter(({ event }) => event === "painter breaker opened");
    expect(opens.length).toBeGreaterThan(0);
    for (const model of models) {
      const openings = opens.filter(({ facts }) => facts.model === model).length;
      // Ten and what was on its way with the tenth; then one call each time that it is tried again.
      expect(callsSince(model), model).toBeLessThanOrEqual(10 + (callsAtOnce - 1) + Math.max(0, openings - 1));
    }
    expect(calls / wishes).toBeLessThanOrEqual(1.2);
    expect(refused).toBeGreaterThan(0);
    await until(async () => (await database.prisma.quotaEntry.count({ where: { state: "held" } })) === 0);
    expect(await charges()).toBe(chargesBefore);

    provider.faults.always(undefined);
    const backAtMs = performance.now();
    await until(async () => {
      const { shopper, asked } = await wish(wishes);
      return asked.status === 202 && (await shopper.wait(asked.body.portrait.id)).status === "ready";
    });
    const recoveredMs = (performance.now() - backAtMs) * faster;
    expect(house.said.some(({ event }) => event === "painter breaker closed")).toBe(true);
    expect(await charges()).toBe(chargesBefore + 1);
    await house.close();
    await provider.close();
    report(
      "R5",
      `${(outageMs * faster) / 60_000} minutes of outage, ${faster} times faster: ${models.length} models are asked ten times and then ` +
        `left alone, ${calls} calls for ${wishes} wishes (${(calls / wishes).toFixed(2)}), 0 units charged, painting again ` +
        `${(recoveredMs / 1_000).toFixed(0)} s (of the slow time) after it ended`,
    );
  });
});
