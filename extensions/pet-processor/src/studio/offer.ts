import type { QuotaJson, SessionJson, StyleJson } from "../../../../app/http/storefront-api.ts";
import type { Words } from "../page/words.ts";
import type { Blocked } from "./studio-state.ts";

/** The styles that this block shows, in its order; all of them where it names none that exists. */
export function offeredStyles(session: SessionJson | null, chosen: string[]): StyleJson[] {
  const all = session?.styles ?? [];
  const named = chosen.flatMap((id) => all.filter((style) => style.id === id));
  return named.length > 0 ? named : all;
}

/** What stands in the way of painting, as far as the last answer tells; null where nothing does. */
export function blockOf(quota: QuotaJson | null): Blocked | null {
  if (!quota) return null;
  const retryAt = quota.retry_at ?? quota.resets_at;
  if (quota.blocked_by) return { reason: quota.blocked_by, retryAt };
  return quota.level === "none" ? { reason: "day", retryAt } : null;
}

/** What is left today; empty while there is plenty, since nobody needs to count then. */
export function leftToday(quota: QuotaJson | null, words: Words): string {
  if (!quota || quota.level === "plenty") return "";
  if (quota.level === "none") return words.say("left_none");
  return words.say(`left_${quota.level}`, { number: words.number(quota.remaining) });
}

export function blockedSentence({ reason, retryAt }: Blocked, words: Words, nowMs: number): string {
  const what = words.say(`blocked_${reason}`);
  if (!retryAt) return what;
  return `${what} ${words.say("blocked_until", { time: words.time(retryAt, nowMs) })}`;
}
