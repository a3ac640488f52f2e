import { describe, expect, it } from "vitest";
import { timeAgo, utcDayName, utcMoment, utcToday } from "./time.ts";

const noon = Date.UTC(2026, 10, 24, 12);
const minute = 60_000;

describe("the UTC day", () => {
  it("starts and ends at midnight, and a midnight belongs to the day that it starts", () => {
    const day = { startsAtMs: Date.UTC(2026, 10, 24), endsAtMs: Date.UTC(2026, 10, 25) };
    expect(utcToday(noon)).toEqual(day);
    expect(utcToday(day.startsAtMs)).toEqual(day);
    expect(utcToday(day.endsAtMs - 1)).toEqual(day);
  });

  it("is named by UTC, wherever the reader is", () => {
    expect(utcDayName(Date.UTC(2026, 10, 24, 23, 59))).toBe("Tuesday 24 November");
    expect(utcMoment(noon)).toBe("24 Nov 2026, 12:00 UTC");
  });
});

it.each([
  [0, "just now"],
  [59_999, "just now"],
  [-minute, "just now"],
  [minute, "1 minute ago"],
  [59 * minute, "59 minutes ago"],
  [60 * minute, "1 hour ago"],
  [24 * 60 * minute, "yesterday"],
  [3 * 24 * 60 * minute, "3 days ago"],
])("%i milliseconds ago is %s", (passed, words) => {
  expect(timeAgo(noon - passed, noon)).toBe(words);
});
