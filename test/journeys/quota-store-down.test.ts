import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createFirestoreQuotaStore } from "#app/adapters/firestore/firestore-quota-store.ts";
import { openFirestore } from "#app/adapters/firestore/open-firestore.ts";
import type { ErrorAnswer, PortraitPollAnswer, SessionJson } from "#app/http/storefront-api.ts";
import { createPrismaQuotaStore } from "#app/adapters/prisma/prisma-quota-store.ts";
import { quotaStoreSilent } from "#app/quota/errors.ts";
import type { QuotaStore } from "#app/quota/quota-store.ts";
import { openEmbeddedDatabase } from "#test/builders/databases.ts";
import { smallPhoto } from "#test/builders/photos.ts";
import { openQuickHouse, roomy, type QuickHouse } from "#test/builders/quick-house.ts";
import { startSilence } from "#test/builders/relay.ts";
import { watchRefusals } from "#test/builders/slowest-refusal.ts";
import { comeAsShopper, type TestShopper } from "#test/builders/storefront.ts";

/** A store that is well until it is in trouble; then another one takes its calls. */
function withSwitch(well: QuotaStore, troubled: QuotaStore) {
  const trouble = { silent: false };
  const now = () => (trouble.silent ? troubled : well);
  const quota: QuotaStore = {
    reserve: (...given) => now().reserve(...given),
    commit: (...given) => now().commit(...given),
    refund: (...given) => now().refund(...given),
    usage: (...given) => now().usage(...given),
    forgetShop: (...given) => now().forgetShop(...given),
  };
  return { quota, trouble };
}

const refusing = () => Promise.reject(quotaStoreSilent({ cause: new Error("no answer") }));

const stores: Record<string, () => Promise<{ store: QuotaStore; close(): Promise<void> }>> = {
  "that knows at once that it cannot": async () => ({
    store: { reserve: refusing, commit: refusing, refund: refusing, usage: refusing, forgetShop: refusing },
    close: async () => undefined,
  }),
  // The client is not terminated: that would make the SDK's own reads, which go on for a while, fail loudly.
  "that is a Firestore which takes connections and says nothing": async () => {
    vi.stubEnv("FIRESTORE_EMULATOR_HOST", undefined);
    const { host, close } = await startSilence();
    const client = openFirestore({ projectId: "down", databaseId: "(default)", emulatorHost: host });
    return { store: createFirestoreQuotaStore(client), close };
  },
};

describe.each(Object.keys(stores))("a quota store %s", (name) => {
  const refusals = watchRefusals(`quota store ${name}`);
  let house: QuickHouse;
  let shopper: TestShopper;
  let trouble: { silent: boolean };
  let troubled: { store: QuotaStore; close(): Promise<void> };
  beforeAll(async () => {
    const database = await openEmbeddedDatabase();
    troubled = await (stores[name] as (typeof stores)[string])();
    const store = withSwitch(createPrismaQuotaStore(database.prisma), troubled.store);
    ({ trouble } = store);
    house = await openQuickHouse({ environment: roomy, parts: { database, quota: store.quota } });
    shopper = await comeAsShopper(house.url);
  });
  afterAll(async () => {
    refusals.report();
    await house.close();
    await troubled.close();
    vi.unstubAllEnvs();
  });

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
    const refused = await refusals.timed(() => shopper.ask(fresh));
    expect(refused.status).toBe(503);
    expect((refused.body as unknown as ErrorAnswer).error.code).toBe("busy");
    expect((await shopper.ask(fresh, { pending: true })).status).toBe(201);
    expect(house.painter.calls.length).toBe(calls);

    trouble.silent = false;
    expect((await shopper.quota()).used).toBe(1);
    expect((await shopper.ask(fresh)).status).toBe(202);
  });
});
