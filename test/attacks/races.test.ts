import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { smallPhoto } from "#test/builders/photos.ts";
import { openQuickHouse, until, type QuickHouse } from "#test/builders/quick-house.ts";
import { stoppedClock } from "#test/builders/stopped-clock.ts";
import { comeAsShopper, type TestShopper } from "#test/builders/storefront.ts";

const midnight = Date.parse("2026-03-30T00:00:00Z");
const clock = stoppedClock(midnight - 3_600_000);

/** Two processes race in journeys/two-processes; here are the races that one clock decides. */
describe("somebody who is very quick", () => {
  let house: QuickHouse;
  let number = 900;
  beforeAll(async () => {
    house = await openQuickHouse({ clock, environment: { QUOTA_BURST: "1000" } });
  });
  afterAll(() => house.close());
  const photosOf = async (shopper: TestShopper, count: number) => {
    const ids: string[] = [];
    for (let n = 0; n < count; n++) ids.push(await shopper.give(await smallPhoto((number += 1))));
    return ids;
  };
  const charges = (customer: string, state = "done") =>
    house.rows.quotaEntry.groupBy({ by: ["window"], where: { subject: `c:${customer}`, state }, _count: true });

  it("gets the last unit once, of a hundred requests at once (17)", async () => {
    const shopper = await comeAsShopper(house.url, { customer: "17", nowMs: clock.nowMs });
    const ids = await photosOf(shopper, 14);
    for (const id of ids.slice(0, 4)) await shopper.wait((await shopper.ask(id)).body.portrait.id);
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) => shopper.ask(ids[4 + (n % 10)] ?? "", { take: 1 + Math.floor(n / 10) })),
    );
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(99);
    await until(async () => (await charges("17"))[0]?._count === 5);
  });

  it("across midnight is charged each time on one day, and five on each (18)", async () => {
    const shopper = await comeAsShopper(house.url, { customer: "18", nowMs: clock.nowMs });
    const ids = await photosOf(shopper, 20);
    clock.atMs = midnight - 1;
    const answers = await Promise.all(
      Array.from({ length: 60 }, async (_, n) => {
        // The clock moves by a millisecond somewhere in the middle of the crowd.
        if (n === 30) setTimeout(() => (clock.atMs = midnight), 60);
        return shopper.ask(ids[n % 20] ?? "", { take: 1 + Math.floor(n / 20) });
      }),
    );
    clock.atMs = midnight;
    // The new day has room for it only where less than five of the crowd came after midnight.
    const latecomer = await shopper.ask(ids[0] ?? "", { take: 50 });
    const everybody = [...answers, latecomer];
    expect(everybody.every(({ status }) => status === 202 || status === 429)).toBe(true);
    const passed = new Set(everybody.filter(({ status }) => status === 202).map(({ body }) => body.portrait.id));
    for (const id of passed) await shopper.wait(id);
    const days = await charges("18");
    expect(days.reduce((sum, { _count }) => sum + _count, 0)).toBe(passed.size);
    for (const { _count } of days) expect(_count).toBeLessThanOrEqual(5);
    expect(days.find(({ window }) => window === "2026-03-29")?._count).toBe(5);
  });

  it("by cancelling while it is painted, again and again, wins no picture and loses none (21)", async () => {
    const shopper = await comeAsShopper(house.url, { customer: "21", nowMs: clock.nowMs });
    const [id = ""] = await photosOf(shopper, 1);
    house.painter.plan.takesMs = 600_000;
    for (let take = 1; take <= 8; take++) {
      const calls = house.painter.calls.length;
      const asked = await shopper.ask(id, { take });
      expect(asked.status).toBe(202);
      // Every other one is already with the painter when it is cancelled.
      if (take % 2 === 0) await until(() => house.painter.calls.length > calls);
      await shopper.call("DELETE", `portraits/${asked.body.portrait.id}`);
      await until(async () => (await shopper.quota()).used === 0);
    }
    expect(await house.rows.portrait.count({ where: { shopper: "c:21", status: "ready" } })).toBe(0);
    expect(await charges("21")).toEqual([]);
  });

  it("has caused nothing that somebody should look at", () => {
    expect(house.said.filter(({ level }) => level === "error")).toEqual([]);
  });
});
