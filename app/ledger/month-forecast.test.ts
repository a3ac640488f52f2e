import { describe, expect, it } from "vitest";
import { monthSpending, neededFrom, type DaySpending } from "./month-forecast.ts";

/** Dollars a day, from a day on; a year in which February is short. */
const dollars = (from: string, ...amounts: number[]): DaySpending[] =>
  amounts.map((amount, n) => ({
    day: new Date(Date.parse(from) + n * 86_400_000).toISOString().slice(0, 10),
    microUsd: amount * 1_000_000,
  }));

const at = (moment: string, days: DaySpending[], firstDay: string | null = days[0]?.day ?? null) => {
  const { spentMicroUsd, forecast } = monthSpending({ days, firstDay }, Date.parse(`${moment}Z`));
  return [spentMicroUsd / 1_000_000, forecast && forecast.microUsd / 1_000_000, forecast?.restsOn];
};

describe("the month and its forecast", () => {
  it.each([
    ["nothing was ever spent", at("2026-03-10T12:00", []), [0, null, undefined]],
    ["the first day is five hours old", at("2026-03-10T05:59", dollars("2026-03-10", 3)), [3, null, undefined]],
    [
      "the first day is half over: it goes on like its first half",
      at("2026-03-10T12:00", dollars("2026-03-10", 3)),
      [3, 3 + 6 * 21.5, { hoursOfToday: 12 }],
    ],
    [
      "one full day has been: today's money is spent, what is left of today is like yesterday",
      at("2026-03-11T12:00", dollars("2026-03-10", 2, 5)),
      [7, 7 + 2 * 20.5, { fullDays: 1 }],
    ],
    [
      "the last seven full days count and none before them",
      at("2026-03-10T00:00", dollars("2026-03-01", 90, 90, 1, 2, 3, 4, 5, 6, 7)),
      [208, 208 + 4 * 22, { fullDays: 7 }],
    ],
    [
      "days without spending count once something was spent",
      at("2026-03-10T00:00", dollars("2026-03-09", 14), "2026-01-01"),
      [14, 14 + 2 * 22, { fullDays: 7 }],
    ],
    [
      "the month has just begun: it rests on the days of the last one",
      at("2026-03-01T00:00", dollars("2026-02-22", 4, 4, 4, 4, 4, 4, 4)),
      [0, 4 * 31, { fullDays: 7 }],
    ],
    [
      "the month is in its last millisecond",
      at("2026-02-28T23:59:59.999", dollars("2026-02-27", 5, 6)),
      [11, 11, { fullDays: 1 }],
    ],
    ["February is short", at("2026-02-02T00:00", dollars("2026-02-01", 1)), [1, 1 + 27, { fullDays: 1 }]],
    ["the year ends", at("2026-12-31T00:00", dollars("2026-12-30", 1)), [1, 2, { fullDays: 1 }]],
    [
      "a week without spending foretells nothing more",
      at("2026-03-20T00:00", dollars("2026-03-02", 8)),
      [8, 8, { fullDays: 7 }],
    ],
  ])("%s", (_when, [spent, forecast, restsOn], expected) => {
    const rounded = typeof forecast === "number" ? Math.round(forecast * 1000) / 1000 : forecast;
    expect([spent, rounded, restsOn]).toEqual(expected);
  });

  it("needs the month, and the week before today where that began earlier", () => {
    const froms = ["2026-03-01T00:00", "2026-03-08T00:00", "2026-03-31T23:59"].map((day) =>
      neededFrom(Date.parse(`${day}Z`)),
    );
    expect(froms).toEqual(["2026-02-22", "2026-03-01", "2026-03-01"]);
  });
});
