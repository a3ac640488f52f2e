import { describe, expect, it } from "vitest";
import { utcDay } from "#app/kernel/clock.ts";
import { smallPhoto } from "#test/builders/photos.ts";
import { pricedAt } from "#test/builders/prices.ts";
import { openQuickHouse, until } from "#test/builders/quick-house.ts";
import { stoppedClock } from "#test/builders/stopped-clock.ts";
import { comeAsShopper } from "#test/builders/storefront.ts";
import { report, scaled } from "./figures.ts";

const midnight = Date.parse("2026-03-30T00:00:00Z");
const aroundMs = 2_000;
const customers = scaled({ short: 20, full: 500 });
const wishesOfEach = 20;
const atOnce = 12;

describe("R8: the two seconds before and after midnight UTC", () => {
  it("charge each portrait on exactly one day, in the quota and in the budget, and never more than a day has", async () => {
    const clock = stoppedClock(midnight - 3_600_000);
    const house = await openQuickHouse({
      clock,
      environment: { QUOTA_BURST: "100000", MOST_WAITING: "100000", DAILY_BUDGET_USD: "100000" },
      parts: { prices: pricedAt(1_000) },
    });
    const everybody = await Promise.all(
      Array.from({ length: customers }, async (_, n) => {
        const shopper = await comeAsShopper(house.url, { customer: String(100 + n), nowMs: clock.nowMs });
        return { shopper, photo: await shopper.give(await smallPhoto(n)) };
      }),
    );
    // One wish of each customer after the other, so that every customer stands on both sides of midnight.
    const wishes = Array.from({ length: customers * wishesOfEach }, (_, n) => ({
      ...(everybody[n % customers] as (typeof everybody)[number]),
      take: 1 + Math.floor(n / customers),
    }));
    const accepted: string[] = [];
    let next = 0;
    const ask = async (): Promise<void> => {
      for (let wish = wishes[next++]; wish !== undefined; wish = wishes[next++]) {
        clock.atMs = Math.max(clock.atMs, midnight - aroundMs + Math.floor((2 * aroundMs * next) / wishes.length));
        const { status, body } = await answerOf(() => wish.shopper.ask(wish.photo, { take: wish.take }));
        expect([202, 429], JSON.stringify(body)).toContain(status);
        if (status === 202) accepted.push(body.portrait.id);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, ask));
    await until(async () => (await house.rows.portrait.count({ where: { status: "ready" } })) === accepted.length);
    await until(async () => (await house.rows.quotaEntry.count({ where: { state: "held" } })) === 0);

    // Who lost the race for the last unit left a record that failed.
    const portraits = await house.rows.portrait.findMany({ where: { status: "ready" } });
    const charges = await house.rows.quotaEntry.findMany({ where: { tier: "day", state: "done" } });
    const dayOf = new Map(portraits.map(({ id, createdAt }) => [id, utcDay(createdAt.getTime())]));
    expect(charges.length).toBe(accepted.length);
    expect(new Set(charges.map(({ requestId }) => requestId)).size).toBe(charges.length);
    for (const { requestId, window } of charges) expect(window).toBe(dayOf.get(requestId));
    const perDay = countsOf(charges.map(({ subject, window }) => `${subject} ${window}`));
    expect([...new Set(perDay.values())]).toEqual([5]);
    expect(perDay.size, "each customer had both days").toBe(2 * customers);

    const spent = await house.rows.budgetEntry.groupBy({ by: ["day"], where: { state: "settled" }, _count: true });
    const made = countsOf(dayOf.values());
    for (const { day, _count } of spent) expect(_count, day).toBe(made.get(day));
    expect(house.said.filter(({ level }) => level === "error")).toEqual([]);
    await house.close();
    report(
      "R8",
      `${wishes.length} wishes of ${customers} customers within two seconds of midnight: ${accepted.length} passed, five a ` +
        `day for each, every one in exactly one day of quota and budget`,
    );
  });
});

/** Who is told that the house is busy asks again: all of this runs in one process. */
async function answerOf<T extends { status: number }>(ask: () => Promise<T>): Promise<T> {
  let answer = await ask();
  while (answer.status === 503) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    answer = await ask();
  }
  return answer;
}

function countsOf(names: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
