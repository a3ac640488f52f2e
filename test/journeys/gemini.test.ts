import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import sharp from "sharp";
import { openEmbeddedDatabase } from "#test/builders/databases.ts";
import { openTestHouse } from "#test/builders/house.ts";
import { quickRemover } from "#test/builders/painter.ts";
import { smallPhoto } from "#test/builders/photos.ts";
import { roomy, until } from "#test/builders/quick-house.ts";
import { comeAsShopper, type TestShopper } from "#test/builders/storefront.ts";
import { startFakeGemini } from "#test/google/fake-gemini/start-fake-gemini.ts";
import type { PainterGuardOptions } from "#app/painters/painter-guard.ts";

let photos = 7_000;
const give = async (who: TestShopper) => who.give(await smallPhoto((photos += 1)));
const end = async (who: TestShopper, id: string) => {
  const { status, body } = await who.ask(id);
  expect(status).toBe(202);
  return who.wait(body.portrait.id);
};

/** The house with the real SDK over real HTTP. The provider is a fake that keeps its own bill. */
async function openGeminiHouse(guard: Partial<PainterGuardOptions>) {
  const fake = await startFakeGemini({ pictures: "flat" });
  const database = await openEmbeddedDatabase();
  const environment = {
    ...roomy,
    PAINTER: "gemini",
    GEMINI_API_KEY: "fake-key",
    GEMINI_BASE_URL: fake.url,
    GEMINI_SPENDING_LIMIT_USD: "1000",
    DAILY_BUDGET_USD: "1000",
  };
  const quickly = { pause: { firstMs: 5, longestMs: 20 }, openForMs: { first: 5_000, longest: 5_000 } };
  const house = await openTestHouse({
    environment,
    parts: { database, guard: { ...quickly, ...guard }, remover: quickRemover },
  });
  const shopper = await comeAsShopper(house.url);
  const rows = () => database.prisma.attempt.findMany({ orderBy: { startedAt: "asc" } });
  const close = () => house.close().then(() => fake.close());
  return { fake, house, shopper, rows, close };
}

type GeminiHouse = Awaited<ReturnType<typeof openGeminiHouse>>;

describe("a provider that is hostile or broken", () => {
  let open: GeminiHouse;
  beforeAll(async () => void (open = await openGeminiHouse({ attempts: 1 })));
  afterAll(() => open.close());

  it.each([
    ["a prohibited photo", { kind: "block", reason: "PROHIBITED_CONTENT" }, "content_not_allowed"],
    ["a picture that does not decode", { kind: "picture", what: "truncated" }, "picture_broken"],
    ["a picture of another shape", { kind: "picture", what: "wrong shape" }, "picture_broken"],
    ["a picture that is none", { kind: "picture", what: "svg" }, "picture_broken"],
    ["HTML", { kind: "body", body: "<html>sorry</html>" }, "answer_broken"],
    ["two hundred megabytes", { kind: "flood", bytes: 200_000_000 }, "answer_too_large"],
  ] as const)("fails the portrait with a sentence and costs the shopper nothing: %s", async (_, fault, code) => {
    const { fake, shopper } = open;
    fake.faults.next(fault);
    const portrait = await end(shopper, await give(shopper));
    expect(portrait).toMatchObject({ status: "failed", error: { code } });
    expect(portrait.error?.message).toMatch(/^[A-Z].*\.$/);
    await until(async () => (await shopper.quota()).used === 0);
  });
});

describe("a portrait by Gemini", () => {
  let open: GeminiHouse;
  beforeAll(async () => void (open = await openGeminiHouse({})));
  afterAll(() => open.close());
  afterEach(() => {
    open.fake.faults.every(0);
    open.fake.faults.always(undefined);
  });

  it("is painted by the model, kept as it came, and shown as a page needs it", async () => {
    const { fake, house, shopper, rows } = open;
    const portrait = await end(shopper, await give(shopper));
    expect(portrait).toMatchObject({ status: "ready", painter: "gemini", image: { content_type: "image/jpeg" } });
    const shown = await fetch(portrait.image?.url.replace(/^http:\/\/[^/]+/, house.url) ?? "");
    const preview = Buffer.from(await shown.arrayBuffer());
    expect(await sharp(preview).metadata()).toMatchObject({ format: "jpeg", width: 928, height: 1152 });
    const [row] = await rows();
    expect(row).toMatchObject({
      outcome: "painted",
      model: "gemini-nano-banana-2.1",
      billing: "reported",
      finishReason: "STOP",
      priceTable: "2026-10-07",
      wording: "usual",
      tokensInputImage: 1120,
      tokensOutputImage: 1120,
    });
    expect(row?.providerRequestId).toEqual(expect.any(String));
    expect(Number(row?.costMicroUsd)).toBe(fake.bill.wholeMicroUsd());
  });

  it("that the safety filter stops is asked for once more in softer words", async () => {
    const { fake, shopper, rows } = open;
    fake.faults.next({ kind: "finish", reason: "IMAGE_SAFETY" });
    expect((await end(shopper, await give(shopper))).status).toBe("ready");
    expect((await rows()).slice(-2).map(({ outcome, wording }) => [outcome, wording])).toEqual([
      ["failed", "usual"],
      ["painted", "softer"],
    ]);
  });

  it("comes out although a call in ten fails, no failure is charged, and the ledger is the provider's bill", async () => {
    const { fake, house, rows } = open;
    const before = { lines: fake.bill.lines.length, attempts: (await rows()).length, calls: fake.calls.length };
    fake.faults.every(10);
    const shoppers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => comeAsShopper(house.url, { shop: `shop-${n}.myshopify.com` })),
    );
    const ends = await Promise.all(
      shoppers.map(async (who) => {
        const ids = [];
        for (let n = 0; n < 10; n++) ids.push(await give(who));
        const statuses = await Promise.all(ids.map(async (id) => (await end(who, id)).status));
        return { statuses, used: (await who.quota()).used };
      }),
    );
    expect(ends).toEqual(ends.map(() => ({ statuses: Array.from({ length: 10 }, () => "ready"), used: 10 })));

    const attempts = (await rows()).slice(before.attempts);
    expect(attempts.length, "a row for each call").toBe(fake.calls.length - before.calls);
    expect(attempts.length).toBeGreaterThanOrEqual(110);
    const cost = attempts.reduce((sum, { costMicroUsd }) => sum + Number(costMicroUsd), 0);
    const billed = fake.bill.lines.slice(before.lines).reduce((sum, { microUsd }) => sum + Math.ceil(microUsd), 0);
    const assumed = attempts.filter(({ billing }) => billing === "assumed");
    const ofAssumed = assumed.reduce((sum, { costMicroUsd }) => sum + Number(costMicroUsd), 0);
    expect(cost - ofAssumed).toBe(billed);
  });

  it("is painted by the cheaper model while the usual one is down, and found again under either", async () => {
    const { fake, house, shopper, rows } = open;
    fake.faults.always({ kind: "status", status: 503 });
    await until(async () => {
      const { status, body } = await shopper.ask(await give(shopper));
      if (status === 202) await shopper.wait(body.portrait.id);
      return house.said.some(({ event }) => event === "painter breaker opened");
    });
    fake.faults.always(undefined);
    const id = await give(shopper);
    const { body } = await shopper.ask(id);
    expect((await shopper.wait(body.portrait.id)).status).toBe("ready");
    expect((await rows()).at(-1)?.model).toBe("gemini-3.1-flash-lite-image");
    expect((await shopper.ask(id)).status).toBe(200);
  });
});
