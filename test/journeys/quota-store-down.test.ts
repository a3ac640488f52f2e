import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ErrorAnswer, PortraitPollAnswer, SessionJson } from "#app/http/storefront-api.ts";
import { createPrismaQuotaStore } from "#app/adapters/prisma/prisma-quota-store.ts";
import { quotaStoreSilent } from "#app/quota/errors.ts";
import type { QuotaStore } from "#app/quota/quota-store.ts";
import { openEmbeddedDatabase } from "#test/builders/databases.ts";
import { smallPhoto } from "#test/builders/photos.ts";
import { openQuickHouse, roomy, type QuickHouse } from "#test/builders/quick-house.ts";
import { comeAsShopper, type TestShopper } from "#test/builders/storefront.ts";

/** A store that can be silenced: what a shopper meets is what counts here; how a store finds out is its contract's. */
function withSwitch(store: QuotaStore) {
  const trouble = { silent: false };
  const answer = <T>(ask: () => Promise<T>): Promise<T> =>
    trouble.silent ? Promise.reject(quotaStoreSilent({ cause: new Error("no answer") })) : ask();
  const quota: QuotaStore = {
    reserve: (...given) => answer(() => store.reserve(...given)),
    commit: (...given) => answer(() => store.commit(...given)),
    refund: (...given) => answer(() => store.refund(...given)),
    usage: (...given) => answer(() => store.usage(...given)),
    forgetShop: (...given) => answer(() => store.forgetShop(...given)),
  };
  return { quota, trouble };
}

describe("a quota store that does not answer", () => {
  let house: QuickHouse;
  let shopper: TestShopper;
  let trouble: { silent: boolean };
  beforeAll(async () => {
    const database = await openEmbeddedDatabase();
    const store = withSwitch(createPrismaQuotaStore(database.prisma));
    ({ trouble } = store);
    house = await openQuickHouse({ environment: roomy, parts: { database, quota: store.quota } });
    shopper = await comeAsShopper(house.url);
  });
  afterAll(() => house.close());

  it("leaves shoppers their portraits, refuses new ones with 503 busy, and takes none for used up", async () => {
    const kept = await shopper.give(await smallPhoto(6_001));
    const made = await shopper.ask(kept);
    await shopper.wait(made.body.portrait.id);
    const calls = house.painter.calls.length;

    trouble.silent = true;
    const session = await shopper.call<SessionJson>("GET", "session");
    expect([session.status, session.body.quota]).toEqual([200, null]);
    expect((await shopper.ask(kept)).status).toBe(200);
    const shown = await shopper.call<PortraitPollAnswer>("GET", `portraits/${made.body.portrait.id}`);
    expect(shown).toMatchObject({ status: 200, body: { portrait: { status: "ready" }, quota: null } });
    const fresh = await shopper.give(await smallPhoto(6_002));
    const refused = await shopper.ask(fresh);
    expect(refused.status).toBe(503);
    expect((refused.body as unknown as ErrorAnswer).error.code).toBe("busy");
    expect((await shopper.ask(fresh, { pending: true })).status).toBe(201);
    expect(house.painter.calls.length).toBe(calls);

    trouble.silent = false;
    expect((await shopper.quota()).used).toBe(1);
    expect((await shopper.ask(fresh)).status).toBe(202);
  });
});
