import { describe, expect, it } from "vitest";
import type { QuotaJson, SessionJson } from "../../app/http/storefront-api.ts";
import { blockedSentence, blockOf, leftToday, offeredStyles } from "../../extensions/pet-processor/src/studio/offer.ts";
import { ordinaryScript } from "./harness/fake-storefront.ts";
import { words } from "./words.ts";

const quota = (changes: Partial<QuotaJson>): QuotaJson => ({
  limit: 5,
  used: 0,
  remaining: 5,
  level: "plenty",
  resets_at: "2026-11-25T00:00:00.000Z",
  blocked_by: null,
  retry_at: null,
  ...changes,
});
const session = { styles: ordinaryScript.styles } as SessionJson;

describe("what is offered", () => {
  it.each([
    ["all styles where the setting is empty", [], ["ink_wash", "pen_and_marker"]],
    ["the named ones in their order", ["pen_and_marker", "ink_wash"], ["pen_and_marker", "ink_wash"]],
    ["only those that exist", ["oil", "ink_wash"], ["ink_wash"]],
    ["all styles where none of the named exists", ["oil"], ["ink_wash", "pen_and_marker"]],
  ])("is %s", (_, setting, shown) => {
    expect(offeredStyles(session, setting).map(({ id }) => id)).toEqual(shown);
  });

  it("says what is left only when it is little", () => {
    const en = words("en");
    const said = (["plenty", "few", "last", "none"] as const).map((level, index) =>
      leftToday(quota({ level, remaining: 3 - index }), en),
    );
    expect(said).toEqual([
      "",
      "2 portraits left today",
      "This is the last portrait for today",
      "No portraits left today",
    ]);
  });

  it.each([
    ["nothing where there is plenty", {}, null],
    [
      "the day at zero, until it resets",
      { level: "none", remaining: 0 },
      { reason: "day", retryAt: "2026-11-25T00:00:00.000Z" },
    ],
    [
      "a burst with portraits left",
      { blocked_by: "burst", retry_at: "2026-11-24T10:10:00.000Z" },
      { reason: "burst", retryAt: "2026-11-24T10:10:00.000Z" },
    ],
  ] as const)("takes for a limit: %s", (_, changes, expected) => {
    expect(blockOf(quota(changes))).toEqual(expected);
  });

  it("names the hour in the shopper's own clock and manner, with the day when it is not today", () => {
    const now = Date.parse("2026-11-24T10:00:00.000Z");
    const soon = { reason: "burst", retryAt: "2026-11-24T10:10:00.000Z" } as const;
    const tomorrow = { reason: "day", retryAt: "2026-11-25T20:00:00.000Z" } as const;
    const hour = new Intl.DateTimeFormat("de", { hour: "numeric", minute: "2-digit" }).format(Date.parse(soon.retryAt));
    expect(blockedSentence(soon, words("de"), now)).toBe(`Das war viel in kurzer Zeit. Neue gibt es ab ${hour}.`);
    const weekday = new Intl.DateTimeFormat("en", { weekday: "long" }).format(Date.parse(tomorrow.retryAt));
    expect(blockedSentence(tomorrow, words("en"), now)).toContain(weekday);
  });

  it("names the end of a spent budget too, with the date where it is more than six days away", () => {
    const now = Date.parse("2026-11-24T10:00:00.000Z");
    const month = { reason: "budget", retryAt: "2026-12-01T12:00:00.000Z" } as const;
    const date = new Intl.DateTimeFormat("en", { day: "numeric", month: "long" }).format(Date.parse(month.retryAt));
    expect(blockedSentence(month, words("en"), now)).toContain(date);
  });
});
