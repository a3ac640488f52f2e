import type { PortraitJson } from "../../../../app/http/storefront-api.ts";
import { blockedBy, StorefrontFault, troubleOf } from "../storefront/storefront-fault.ts";
import { blockOf } from "./offer.ts";
import { followPortrait } from "./paint-portrait.ts";
import { isAway, show, step, type Desk } from "./studio-desk.ts";
import type { Pet } from "./studio-state.ts";

/** What the long steps have in common: the session that they open, what they follow, and how they end. */

export async function openSession(desk: Desk, signal: AbortSignal) {
  const isFirst = desk.session === null;
  const session = await desk.client.session(signal);
  if (isFirst) {
    desk.quota = session.quota;
    desk.session = session;
    if (!isAway(desk)) show(desk);
  }
  return session;
}

export async function follow(
  desk: Desk,
  from: { portrait: PortraitJson; pets: Pet[]; wasBought?: boolean },
  signal: AbortSignal,
): Promise<void> {
  const { client, around } = desk;
  await followPortrait({
    client,
    around,
    portrait: from.portrait,
    signal,
    onNews(portrait, quota) {
      desk.quota = quota ?? desk.quota;
      desk.petsOf.set(portrait.id, from.pets);
      step(desk, { type: "answered", portrait, pets: from.pets });
      if (from.wasBought && desk.state.kind !== "working") step(desk, { type: "added" });
    },
  });
}

export function settle(desk: Desk, fault: unknown, signal: AbortSignal): void {
  if (signal.aborted) return;
  const blocked = blockedBy(fault);
  if (!blocked || desk.state.kind !== "working") return step(desk, { type: "failed", trouble: troubleOf(fault) });
  if (blocked.reason === "day" && desk.quota) desk.quota = { ...desk.quota, remaining: 0, level: "none" };
  step(desk, { type: "refused", blocked });
  waitForUnblock(desk);
}

/** In our server's own word: a shop that has lost its way to us answers 404 too. */
export function isGone(fault: unknown): boolean {
  return fault instanceof StorefrontFault && fault.status === 404 && fault.code === "not_found";
}

const soonestLookMs = 15_000;
const longestTimerMs = 2 ** 31 - 1;

/** Opens the way again once the named time is over, without the shopper having to try. */
export function waitForUnblock(desk: Desk): void {
  clearTimeout(desk.unblockTimer);
  const { state } = desk;
  if (state.kind !== "blocked") return;
  const leftMs = state.blocked.retryAt ? Date.parse(state.blocked.retryAt) - desk.around.now() : soonestLookMs;
  const waitMs = Math.min(Math.max(leftMs, state.blocked.reason === "busy" ? 1000 : soonestLookMs), longestTimerMs);
  desk.unblockTimer = window.setTimeout(() => void look(desk), waitMs);
}

async function look(desk: Desk): Promise<void> {
  const session = await desk.client.session(desk.run.signal, true).catch(() => null);
  if (desk.state.kind !== "blocked") return;
  desk.quota = session?.quota ?? desk.quota;
  if (session && !blockOf(session.quota)) return step(desk, { type: "unblocked" });
  waitForUnblock(desk);
}
