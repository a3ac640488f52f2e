import { nextUtcMidnightMs } from "#app/kernel/clock.ts";

const dayMs = 24 * 60 * 60_000;

/** The UTC day that is running, in milliseconds since the epoch. */
export function utcToday(nowMs: number): { startsAtMs: number; endsAtMs: number } {
  const endsAtMs = nextUtcMidnightMs(nowMs);
  return { startsAtMs: endsAtMs - dayMs, endsAtMs };
}

/** `Tuesday, 24 November`, of the UTC day: the same on the server and in the browser. */
export function utcDayName(atMs: number): string {
  return new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" }).format(
    atMs,
  );
}

/** `24 Nov 2026, 08:05 UTC` */
export function utcMoment(atMs: number): string {
  const format = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });
  return `${format.format(atMs)} UTC`;
}

const units = [
  { name: "day", ms: dayMs },
  { name: "hour", ms: 60 * 60_000 },
  { name: "minute", ms: 60_000 },
] as const;

/** `just now`, `5 minutes ago`, `yesterday` */
export function timeAgo(atMs: number, nowMs: number): string {
  const passed = nowMs - atMs;
  const unit = units.find(({ ms }) => passed >= ms);
  if (unit === undefined) return "just now";
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(-Math.floor(passed / unit.ms), unit.name);
}
