import fc from "fast-check";
import type { Firestore } from "@google-cloud/firestore";
import { beforeAll, describe, expect, it } from "vitest";
import { createFirestoreQuotaStore } from "#app/adapters/firestore/firestore-quota-store.ts";
import { openFirestore, reachFirestore } from "#app/adapters/firestore/open-firestore.ts";
import {
  documentName,
  quotaFieldsWithoutIndex,
  quotasPath,
  quotaTtlField,
  replayMs,
  spentEntriesKept,
} from "#app/adapters/firestore/quota-documents.ts";
import type { QuotaStore, QuotaTicket } from "#app/quota/quota-store.ts";
import type { QuotaClaim } from "#app/quota/tiers.ts";
import { describeOnFirestore } from "#test/builders/firestore-databases.ts";
import { keyedReservations } from "#test/builders/quota-designs.ts";
import { rushFromProcesses } from "#test/builders/quota-rushes.ts";
import { storedEntries, unhurried } from "#test/builders/quota-stores.ts";
import { aDay, at, burstClaim, dayClaim, ticketOf } from "#test/builders/quota-tickets.ts";
import { startRelay } from "#test/builders/relay.ts";
import { grpcError, withCommits, withReads } from "#test/builders/troubled-firestore.ts";

const leaseMs = 90_000;
const held = { allowed: true, state: "held" };
const busy = { kind: "unavailable", code: "busy" };
const reserve = (store: QuotaStore, ticket: QuotaTicket, nowMs = at()) => store.reserve(ticket, { nowMs, leaseMs });
const usedOf = async (store: QuotaStore, shop: string, claim: QuotaClaim, nowMs = at()) =>
  (await store.usage(shop, [claim], { nowMs }))[0]?.used;
const addressClaim = (subject: string, limit: number): QuotaClaim => ({
  ...dayClaim(subject, limit),
  tier: "address",
});

describeOnFirestore("the quota store on Firestore", (server) => {
  let firestore: Firestore;
  let store: QuotaStore;
  beforeAll(async () => {
    firestore = server.connect();
    await reachFirestore(firestore);
    store = createFirestoreQuotaStore(firestore, unhurried);
  });
  /** Stores that know nothing of each other, as in two instances: each with a client and turns of its own. */
  const instances = (count: number) =>
    Array.from({ length: count }, () => createFirestoreQuotaStore(server.connect(), unhurried));
  const of = <T>(all: readonly T[], n: number): T => all[n % all.length] as T;
  const wholeShop = (shop: string) => storedEntries(firestore, `${shop}.shop`);

  describe("between instances", () => {
    it("lets exactly the limit pass, in whatever order tickets name their subjects", async () => {
      const stores = instances(2);
      const answers = await Promise.all(
        Array.from({ length: 80 }, async (_, n) => {
          const claims = [dayClaim("c:two", 5), burstClaim(`s:${n % 4}`, 100), addressClaim("a:two", 50)];
          const ticket = ticketOf("two", n % 3 === 0 ? claims.reverse() : claims, `r${n}`);
          const answer = await reserve(of(stores, n), ticket);
          return answer.allowed ? of(stores, n + 1).commit(ticket, { nowMs: at() }) : answer.blockedBy;
        }),
      );
      expect(answers.filter((answer) => answer === "committed")).toHaveLength(5);
      expect(answers.filter((answer) => answer === "day")).toHaveLength(75);
      expect(await usedOf(store, "two.shop", addressClaim("a:two", 50))).toBe(5);
    });

    it("lets exactly the limit pass where nobody takes turns", async () => {
      const stores = instances(12);
      const claims = [dayClaim("c:rivals", 5), burstClaim("s:rivals", 100)];
      const answers = await Promise.all(
        Array.from({ length: 24 }, (_, n) => reserve(of(stores, n), ticketOf("rivals", claims, `r${n}`))),
      );
      expect(answers.filter(({ allowed }) => allowed)).toHaveLength(5);
      expect(await wholeShop("rivals")).toHaveLength(10);
    });

    it("lets exactly the limit pass from two processes, and refuses everybody else", async () => {
      const rush = { host: server.host, projectId: server.projectId, requests: 40 };
      const outcomes = await rushFromProcesses([
        { ...rush, name: "one" },
        { ...rush, name: "other" },
      ]);
      const answers = outcomes.flatMap((outcome) => outcome.answers);
      expect(answers.filter((answer) => answer === "committed")).toHaveLength(5);
      expect(answers.filter((answer) => answer === "refused by day")).toHaveLength(75);
      expect(await usedOf(store, "rush.shop", dayClaim("c:rush", 5))).toBe(5);
    });

    it("writes no more than what passes where a crowd comes to one of them", async () => {
      let commits = 0;
      const counted = withCommits(firestore, (commit) => {
        commits += 1;
        return commit();
      });
      const instance = createFirestoreQuotaStore(counted, unhurried);
      const claims = [dayClaim("c:queue", 5), burstClaim("s:queue", 100)];
      await Promise.all(Array.from({ length: 20 }, (_, n) => reserve(instance, ticketOf("queue", claims, `r${n}`))));
      expect(commits).toBe(5);
    });

    it("holds one unit for one request that comes to all of them at once", async () => {
      const ticket = ticketOf("same", [dayClaim("c:same", 5), burstClaim("s:same", 3)]);
      const answers = await Promise.all(instances(4).map((instance) => reserve(instance, ticket)));
      expect(answers).toEqual(answers.map(() => held));
      expect(await wholeShop("same")).toHaveLength(2);
    });

    it("counts twenty portraits of an address, whichever guests they are, and charges the others nothing", async () => {
      const stores = instances(2);
      const address = addressClaim("a:cafe", 20);
      const guest = (n: number) => dayClaim(`s:guest-${n}`, 3);
      const answers = await Promise.all(
        Array.from({ length: 30 }, (_, n) =>
          reserve(of(stores, n), ticketOf("cafe", [guest(n), burstClaim(`s:guest-${n}`, 3), address], `r${n}`)),
        ),
      );
      const refused = answers.flatMap((answer, n) => (answer.allowed ? [] : [{ n, ...answer }]));
      expect(refused).toHaveLength(10);
      for (const { n, blockedBy } of refused) {
        expect(blockedBy).toBe("address");
        expect(await usedOf(store, "cafe.shop", guest(n))).toBe(0);
      }
      expect(await usedOf(store, "cafe.shop", address)).toBe(20);
    });

    it("counts each day for itself where one clock is past midnight and the other is not", async () => {
      const midnight = Date.parse("2026-03-30T00:00:00Z");
      const moments = [midnight - 1, midnight];
      const stores = instances(2);
      const answers = await Promise.all(
        Array.from({ length: 20 }, async (_, n) => {
          const nowMs = of(moments, n);
          const ticket = ticketOf("midnight", [dayClaim("c:midnight", 5, nowMs)], `r${n}`);
          return (await reserve(of(stores, n), ticket, nowMs)).allowed ? nowMs : undefined;
        }),
      );
      for (const moment of moments) expect(answers.filter((answer) => answer === moment)).toHaveLength(5);
    });

    it("keeps nobody waiting for one that stopped between reading and writing", async () => {
      const day = dayClaim("c:frozen", 5);
      let isOver = false;
      const never = withCommits(firestore, () => new Promise(() => undefined));
      const frozen = reserve(createFirestoreQuotaStore(never, unhurried), ticketOf("frozen", [day], "frozen"));
      void frozen.catch(() => undefined).finally(() => (isOver = true));
      for (let n = 0; n < 5; n++) expect(await reserve(store, ticketOf("frozen", [day], `r${n}`))).toEqual(held);
      expect(isOver).toBe(false);
    });
  });

  describe("after a commit whose reply was lost", () => {
    /** Every commit is done, and the first one of each call is said to have failed. */
    const told = (code: number) => {
      let lied = false;
      return createFirestoreQuotaStore(
        withCommits(firestore, async (commit) => {
          const outcome = await commit();
          if (lied) return outcome;
          lied = true;
          throw grpcError(code);
        }),
        unhurried,
      );
    };
    const codes = { CANCELLED: 1, UNKNOWN: 2, DEADLINE_EXCEEDED: 4, ABORTED: 10, INTERNAL: 13, UNAVAILABLE: 14 };

    it.each(Object.entries(codes))("finds its own outcome again (%s)", async (name, code) => {
      const shop = `lost-${name}`;
      const day = dayClaim("c:lost", 1);
      const ticket = ticketOf(shop, [day]);
      expect(await reserve(told(code), ticket)).toEqual(held);
      expect(await told(code).commit(ticket, { nowMs: at() })).toBe("committed");
      await told(code).refund(ticket, { nowMs: at() });
      expect(await usedOf(store, `${shop}.shop`, day)).toBe(1);
    });

    it("stays late, though there is room when it is run again", async () => {
      const day = dayClaim("c:stays-late", 1);
      const [slow, quick] = [ticketOf("stays-late", [day], "slow"), ticketOf("stays-late", [day], "quick")];
      await reserve(store, slow);
      await reserve(store, quick, at(leaseMs));
      const freesRoom = withCommits(firestore, async (commit) => {
        await commit();
        await store.refund(quick, { nowMs: at(leaseMs) });
        throw grpcError(4);
      });
      const answer = createFirestoreQuotaStore(freesRoom, unhurried).commit(slow, { nowMs: at(leaseMs + 1) });
      expect(await answer).toBe("late");
      expect(await usedOf(store, "stays-late.shop", day, at(leaseMs + 2))).toBe(0);
    });

    it("answers busy on a wire that went dead, and the same request finds its hold later", async () => {
      const relay = await startRelay(server.host);
      const client = openFirestore({
        projectId: server.projectId,
        databaseId: "(default)",
        emulatorHost: relay.host,
      });
      const troubled = createFirestoreQuotaStore(
        withCommits(client, (commit) => {
          relay.loseReplies();
          return commit();
        }),
      );
      const ticket = ticketOf("dead-wire", [dayClaim("c:wire", 1)]);
      await client.doc("first/request").get();
      await expect(reserve(troubled, ticket)).rejects.toMatchObject(busy);
      expect(await usedOf(store, "dead-wire.shop", dayClaim("c:wire", 1))).toBe(1);
      expect(await reserve(store, ticket)).toEqual(held);
      expect(await store.commit(ticket, { nowMs: at() })).toBe("committed");
      await client.terminate();
      await relay.close();
    });
  });

  describe("in trouble", () => {
    it.each([
      ["a quota of the project is used up", 8],
      ["we may not write", 7],
      ["the credentials are wrong", 16],
    ])("is busy at once and reported when %s, without the SDK's pauses", async (_, code) => {
      const troubled = createFirestoreQuotaStore(withCommits(firestore, () => Promise.reject(grpcError(code))));
      const answer = reserve(troubled, ticketOf("troubled", [dayClaim(`c:${code}`, 5)]));
      await expect(answer).rejects.toMatchObject({ ...busy, report: true });
    });

    it("writes nothing when what it read came too late", async () => {
      const pause = () => new Promise((resolve) => setTimeout(resolve, 400));
      const slow = withReads(firestore, (read) => pause().then(read));
      const ticket = ticketOf("slow-read", [dayClaim("c:slow", 5)]);
      await expect(reserve(createFirestoreQuotaStore(slow, { timeoutMs: 200 }), ticket)).rejects.toMatchObject(busy);
      await pause();
      expect(await wholeShop("slow-read")).toEqual([]);
    });

    it("stops trying when the deadline has passed", async () => {
      let tries = 0;
      const troubled = createFirestoreQuotaStore(
        withCommits(firestore, () => {
          tries += 1;
          return Promise.reject(grpcError(14));
        }),
        { timeoutMs: 1_500 },
      );
      await expect(reserve(troubled, ticketOf("tries", [dayClaim("c:tries", 5)]))).rejects.toMatchObject(busy);
      const triesThen = tries;
      await new Promise((resolve) => setTimeout(resolve, 600));
      expect(tries).toBeGreaterThan(1);
      expect(tries).toBe(triesThen);
    });
  });

  describe("its documents", () => {
    const quotaOf = async (shop: string, claim: QuotaClaim) =>
      firestore.doc(`${quotasPath(`${shop}.shop`)}/${documentName(claim)}`).get();

    it("stay small, whatever a shopper orders and gives back, and keep what counts and what was last", async () => {
      const day = dayClaim("c:restless", 5);
      const kept = ticketOf("restless", [day], "kept");
      await reserve(store, kept);
      await store.commit(kept, { nowMs: at() });
      const requests = spentEntriesKept + 50;
      for (let n = 0; n < requests; n++) {
        await store.reserve(ticketOf("restless", [day], `r${n}`), { nowMs: at(1000 + n * 10), leaseMs: 5 });
      }
      const entries = (await wholeShop("restless")).map(({ requestId }) => requestId);
      expect(entries).toHaveLength(spentEntriesKept + 2);
      expect(entries).toContain("kept");
      expect(entries).toContain(`r${requests - 2}`);
      expect(entries).not.toContain("r0");
      expect(await usedOf(store, "restless.shop", day, at(1000 * 60))).toBe(1);
    });

    it("say when they may be deleted, and index nothing", async () => {
      const midnight = Date.parse("2026-03-30T00:00:00Z");
      const [day, burst] = [dayClaim("c:expiry", 5), burstClaim("s:expiry", 3)];
      const ticket = ticketOf("expiry", [day, burst]);
      await reserve(store, ticket);
      await store.commit(ticket, { nowMs: at(5_000) });
      const expiries = await Promise.all(
        [day, burst].map(async (claim) => {
          const document = await quotaOf("expiry", claim);
          expect(Object.keys(document.data() ?? {}).sort()).toEqual([...quotaFieldsWithoutIndex].sort());
          return (document.get(quotaTtlField) as { toMillis(): number }).toMillis();
        }),
      );
      expect(expiries).toEqual([midnight + replayMs, at(600_000) + replayMs]);
    });

    it("are empty once their time is over, though nobody has deleted them", async () => {
      const burst = burstClaim("s:over", 3);
      const ticket = ticketOf("over", [burst]);
      await reserve(store, ticket);
      await store.commit(ticket, { nowMs: at() });
      const over = 600_000 + replayMs;
      expect(await reserve(store, ticket, at(over - 1))).toEqual({ allowed: true, state: "committed" });
      expect(await reserve(store, ticket, at(over))).toEqual(held);
      expect(await wholeShop("over")).toMatchObject([{ requestId: "r1", state: "held" }]);
    });

    it("are all forgotten with their shop, though one deletion does not take that many", async () => {
      const quotas = firestore.collection(quotasPath("large.shop"));
      const batch = firestore.batch();
      for (let n = 0; n < 230; n++) batch.set(quotas.doc(`subject-${n}`), { entries: [{}, {}] });
      await batch.commit();
      expect(await store.forgetShop("large.shop")).toBe(460);
      expect(await wholeShop("large")).toEqual([]);
    });

    it("do not tell in their names who somebody is", async () => {
      await reserve(store, ticketOf("names", [dayClaim("c:4711", 5), burstClaim("s:../x/__y__", 5)]));
      const { docs } = await firestore.collection(quotasPath("names.shop")).get();
      expect(docs).toHaveLength(2);
      for (const { id } of docs) expect(id).toMatch(/^[0-9a-f]{32}\.(day\.2026-03-29|burst\.rolling)$/);
    });
  });

  it("answers as the pure rules do, over a long history of one shopper", async () => {
    const design = keyedReservations();
    const step = fc.record({
      deed: fc.constantFrom("reserve", "reserve", "commit", "commit", "refund", "new", "wait" as const),
      request: fc.nat(5),
      waitMs: fc.constantFrom(1, 30_000, leaseMs, 400_000, aDay / 3),
    });
    const [steps = []] = fc.sample(fc.array(step, { minLength: 220, maxLength: 220 }), { numRuns: 1, seed: 20260329 });
    const tickets = new Map<number, QuotaTicket>();
    const seen = new Set<string>();
    let nowMs = at();
    for (const [index, { deed, request, waitMs }] of steps.entries()) {
      if (deed === "wait") nowMs += waitMs;
      if (deed === "new") tickets.delete(request);
      if (deed === "wait" || deed === "new") continue;
      const claims = [dayClaim("c:1", 3, nowMs), burstClaim(`s:${request % 2}`, 2), addressClaim("a:1", 4)];
      const ticket = tickets.get(request) ?? ticketOf("history", claims, `r${index}`);
      tickets.set(request, ticket);
      const answers = await answersOfBoth(deed, ticket);
      expect(answers.ours, `step ${index}: ${deed}`).toBe(answers.pure);
      seen.add(`${deed} ${answers.pure}`);
      for (const claim of ticket.claims)
        expect(await usedOf(store, "history.shop", claim, nowMs)).toBe(design.used(claim, nowMs));
    }
    expect([...seen].sort()).toEqual(
      ["commit committed", "commit late", "refund done"].concat(
        ["committed", "held", "refused"].map((a) => `reserve ${a}`),
      ),
    );

    async function answersOfBoth(deed: "reserve" | "commit" | "refund", ticket: QuotaTicket) {
      if (deed === "commit") return { pure: design.commit(ticket, nowMs), ours: await store.commit(ticket, { nowMs }) };
      if (deed === "refund") {
        design.refund(ticket);
        await store.refund(ticket, { nowMs });
        return { pure: "done", ours: "done" };
      }
      const answer = await reserve(store, ticket, nowMs);
      return { pure: design.reserve(ticket, nowMs), ours: answer.allowed ? answer.state : "refused" };
    }
  });
});
