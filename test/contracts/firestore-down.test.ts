import { beforeAll, describe, expect, it, vi } from "vitest";
import { createFirestoreQuotaStore } from "#app/adapters/firestore/firestore-quota-store.ts";
import { openFirestore, reachFirestore } from "#app/adapters/firestore/open-firestore.ts";
import type { AppError } from "#app/kernel/errors.ts";
import type { QuotaStore } from "#app/quota/quota-store.ts";
import { at, dayClaim, ticketOf } from "#test/builders/quota-tickets.ts";
import { nobodysHost, startSilence } from "#test/builders/relay.ts";

/** What needs no emulator: nobody is there. */
describe("quotas on a Firestore that does not answer", () => {
  // The SDK would take it for the address of every client.
  beforeAll(() => void vi.stubEnv("FIRESTORE_EMULATOR_HOST", undefined));

  const ticket = ticketOf("down", [dayClaim("c:down", 5)]);
  const everyCall: Record<string, (store: QuotaStore) => Promise<unknown>> = {
    reserve: (down) => down.reserve(ticket, { nowMs: at(), leaseMs: 90_000 }),
    commit: (down) => down.commit(ticket, { nowMs: at() }),
    refund: (down) => down.refund(ticket, { nowMs: at() }),
    usage: (down) => down.usage(ticket.shop, ticket.claims, { nowMs: at() }),
    forgetShop: (down) => down.forgetShop(ticket.shop),
  };
  // The client is not terminated: that would make the SDK's own reads, which go on for a while, fail loudly.
  const answersOf = async (emulatorHost: string) => {
    const client = openFirestore({ projectId: "down", databaseId: "(default)", emulatorHost });
    return Promise.all(
      Object.values(everyCall).map((call) => call(createFirestoreQuotaStore(client)).catch((error: unknown) => error)),
    );
  };

  it.each(["refuses connections", "takes connections and says nothing"])(
    "are busy in time where a server %s",
    async (how) => {
      const silence = how.startsWith("takes") ? await startSilence() : undefined;
      const answers = await answersOf(silence?.host ?? (await nobodysHost()));
      // Left to itself the SDK would wait for a minute, which is longer than a test may take.
      for (const fault of answers) expect(fault).toMatchObject({ kind: "unavailable", code: "busy" });
      const { retryAtMs = 0 } = answers[0] as AppError;
      expect(retryAtMs - at()).toBeGreaterThan(2_000);
      expect(retryAtMs - at()).toBeLessThan(10_000);
      await silence?.close();
    },
  );

  it("leave no commit behind in the SDK for longer than seconds", async () => {
    const silence = await startSilence();
    const client = openFirestore({ projectId: "down", databaseId: "(default)", emulatorHost: silence.host });
    const commit = client.runTransaction(async (writes) => void writes.create(client.doc("a/b"), {}), {
      maxAttempts: 1,
    });
    await expect(commit).rejects.toMatchObject({ code: 4 });
    expect(await reachFirestore(client, 100)).toBe(false);
    await silence.close();
  });
});
