import { beforeEach, describe, expect, it } from "vitest";
import { inShop, noonMs, openPrivacyHouse, tide } from "#test/builders/privacy-house.ts";
import { portraitRow } from "#test/builders/rows.ts";
import { orphanAfterMs } from "./sweep-orphans.ts";

let house: ReturnType<typeof openPrivacyHouse>;
const made: typeof house.made = (...given) => house.made(...given);

beforeEach(() => {
  house = openPrivacyHouse();
});

describe("the sweep", () => {
  it("deletes what is past its expiry, with its bytes, and says how much", async () => {
    made(tide, "c:1", "old", { expiresAt: new Date(noonMs - 1) });
    made(tide, "c:1", "young");
    expect(await house.privacy.sweepExpired()).toEqual({
      photos: 1,
      portraits: 1,
      events: 0,
      objects: 2,
      objectsFailed: 0,
    });
    expect(house.objects.names()).toEqual([inShop(tide, "photos/young"), inShop(tide, "portraits/young")]);
  });

  it("goes on until everything is gone, also past one batch", async () => {
    for (let n = 0; n < 450; n++) made(tide, "c:1", `old-${n}`, { expiresAt: new Date(noonMs - 1) });
    expect(await house.privacy.sweepExpired()).toMatchObject({ photos: 450, portraits: 450, objects: 900 });
    expect(house.objects.names()).toEqual([]);
  });

  it("leaves bytes that would not go to the sweep of orphans", async () => {
    made(tide, "c:1", "old", { expiresAt: new Date(noonMs - 1) });
    house.objects.trouble.deletes = true;
    expect(await house.privacy.sweepExpired()).toMatchObject({ objects: 0, objectsFailed: 2 });
    house.objects.trouble.deletes = false;
    await house.privacy.sweepOrphans();
    house.time.nowMs += orphanAfterMs;
    expect(await house.privacy.sweepOrphans()).toBe(2);
    expect(house.objects.names()).toEqual([]);
  });
});

describe("the sweep of orphans", () => {
  it("waits until an object has been nobody's for two hours", async () => {
    house.objects.put(
      inShop(tide, "portraits/being-written"),
      inShop(tide, "portraits/left-behind"),
      "elsewhere/untouched",
    );
    expect(await house.privacy.sweepOrphans()).toBe(0);
    house.time.nowMs += orphanAfterMs - 1;
    house.tables.portrait.push(portraitRow(tide, "c:1", { objectName: inShop(tide, "portraits/being-written") }));
    expect(await house.privacy.sweepOrphans()).toBe(0);
    house.time.nowMs += 1;
    expect(await house.privacy.sweepOrphans()).toBe(1);
    expect(house.objects.names()).toEqual(["elsewhere/untouched", inShop(tide, "portraits/being-written")]);
  });

  it("starts to count anew for an object that was somebody's in between", async () => {
    house.objects.put(inShop(tide, "portraits/a"));
    await house.privacy.sweepOrphans();
    house.tables.portrait.push(portraitRow(tide, "c:1", { objectName: inShop(tide, "portraits/a") }));
    await house.privacy.sweepOrphans();
    house.tables.portrait.length = 0;
    house.time.nowMs += orphanAfterMs;
    expect(await house.privacy.sweepOrphans()).toBe(0);
  });
});
