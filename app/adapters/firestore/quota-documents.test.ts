import { Timestamp, type DocumentData, type DocumentSnapshot } from "@google-cloud/firestore";
import { describe, expect, it } from "vitest";
import type { QuotaTicket } from "#app/quota/quota-store.ts";
import { decideCommit, decideRefund, decideReserve, type Decision, type QuotaEntry } from "#app/quota/reservation.ts";
import type { QuotaClaim } from "#app/quota/tiers.ts";
import { at, burstClaim, dayClaim, ticketOf } from "#test/builders/quota-tickets.ts";
import { documentName, entriesIn, quotaDocument, quotasPath, spentEntriesKept } from "./quota-documents.ts";

/** One claim's document under the pure rules, without a database. */
function documentOf(claim: QuotaClaim) {
  let data: DocumentData | undefined;
  const snapshot = { data: () => data } as DocumentSnapshot;
  return {
    decide<Answer>(nowMs: number, rule: (entries: QuotaEntry[]) => Decision<Answer>): Answer {
      const entries = entriesIn(snapshot, claim, nowMs);
      const { answer, writes } = rule(entries);
      for (const written of writes) data = quotaDocument(entries, written, { claim, nowMs });
      return answer;
    },
    bytes: () => JSON.stringify(data).length,
    entries: () => data?.entries as QuotaEntry[],
  };
}

const leaseMs = 90_000;

describe("a quota document", () => {
  it.each([dayClaim("c:1", 5), burstClaim("s:1", 3)])(
    "stays far below 1 MiB after 5,000 requests of one shopper ($tier)",
    (claim) => {
      const document = documentOf(claim);
      const answers = { passed: 0, refused: 0, charged: 0 };
      let largest = 0;
      for (let n = 0; n < 5_000; n++) {
        const nowMs = at(n * 5_000);
        const ticket = ticketOf("restless", [claim], `por_${String(n).padStart(22, "0")}`);
        const { allowed } = document.decide(nowMs, (entries) => decideReserve(entries, ticket, { nowMs, leaseMs }));
        answers[allowed ? "passed" : "refused"] += 1;
        // Of those that pass every tenth is charged, most are given back, and some are left to lapse.
        if (allowed && n % 10 === 0) answers.charged += Number(settle(document, ticket, nowMs) === "committed");
        else if (allowed && n % 3 !== 0) document.decide(nowMs, (entries) => decideRefund(entries, ticket));
        largest = Math.max(largest, document.bytes());
      }
      expect(Math.min(answers.passed, answers.refused, answers.charged)).toBeGreaterThan(0);
      expect(largest).toBeLessThan(20_000);
      expect(document.entries().length).toBeLessThanOrEqual(spentEntriesKept + claim.limit + 1);
    },
  );

  const settle = (document: ReturnType<typeof documentOf>, ticket: QuotaTicket, nowMs: number) =>
    document.decide(nowMs, (entries) => decideCommit(entries, ticket, { nowMs }));

  it("keeps an outcome by when it was settled, not by when it was reserved", () => {
    const document = documentOf(dayClaim("c:1", 5));
    const ticket = (requestId: string, limit = 5) => ticketOf("slow", [dayClaim("c:1", limit)], requestId);
    const lapse = (requestId: string, nowMs: number) =>
      document.decide(nowMs, (entries) => decideReserve(entries, ticket(requestId, 9), { nowMs, leaseMs: 1 }));
    lapse("slow", at());
    for (let n = 1; n < spentEntriesKept - 10; n++) lapse(`early-${n}`, at(n * 10));
    for (let n = 0; n < 5; n++) settle(document, ticket(`quick-${n}`), at(5_000));
    expect(settle(document, ticket("slow"), at(6_000))).toBe("late");
    for (let n = 0; n < 20; n++) lapse(`later-${n}`, at(7_000 + n * 10));
    const kept = document.entries();
    expect(kept.find(({ requestId }) => requestId === "slow")?.state).toBe("late");
    expect(kept.some(({ requestId }) => requestId === "early-1")).toBe(false);
  });

  it("keeps every hold that is alive, however many there are", () => {
    const claim = dayClaim("c:crowd", 400);
    const document = documentOf(claim);
    for (let n = 0; n < 300; n++) {
      const ticket = ticketOf("crowd", [claim], `r${n}`);
      document.decide(at(n), (entries) => decideReserve(entries, ticket, { nowMs: at(n), leaseMs }));
    }
    expect(document.entries()).toHaveLength(300);
  });

  it("has another name for another subject, tier or day, and none that leads elsewhere", () => {
    const claims = [dayClaim("c:1", 1), dayClaim("c:11", 1), dayClaim("c:1", 1, at(1e8)), burstClaim("c:1", 1)];
    expect(new Set(claims.map(documentName)).size).toBe(claims.length);
    expect(quotasPath("a/../b.shop")).toBe("shops/a%2F..%2Fb.shop/quotas");
  });

  it("carries its expiry as a time of Firestore's, which a TTL policy asks for", () => {
    const claim = dayClaim("c:1", 1);
    const entry: QuotaEntry = {
      ...{ subject: "c:1", tier: "day", window: "2026-03-29", requestId: "r" },
      ...{ state: "done", reservedAtMs: at(), leaseExpiresAtMs: at() },
    };
    expect(quotaDocument([], entry, { claim, nowMs: at() }).expireAt).toBeInstanceOf(Timestamp);
  });
});
