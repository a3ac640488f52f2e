import type { PortraitJson } from "../../../app/http/storefront-api.ts";
import { blockOf, offeredStyles } from "./offer.ts";
import { followPortrait, orderPortrait } from "./paint-portrait.ts";
import { readPhoto } from "./photo-file.ts";
import { blockedBy, StorefrontFault, troubleOf } from "./storefront-fault.ts";
import { isAway, newRun, show, step, type Desk } from "./studio-desk.ts";
import { noPhoto, type Photo } from "./studio-state.ts";

/** The long steps: each begins in the state that asks for it, reports what happens, and stops when another begins. */

/** Reads a picked file. What is refused leaves the studio as it was, with a sentence. */
export async function read(desk: Desk, file: Blob): Promise<void> {
  const preview = URL.createObjectURL(file);
  step(desk, { type: "photo_picked", preview }, "shopper");
  const signal = newRun(desk);
  try {
    const session = await openSession(desk, signal);
    const photo = await readPhoto(file, session.limits);
    if (signal.aborted) return;
    if ("refused" in photo) return refuse(desk, photo.refused);
    const style = offeredStyles(session, desk.host.settings.styles)[0]?.id ?? "";
    const blocked = blockOf(desk.quota);
    step(desk, { type: "photo_read", photo: { id: null, preview, ...photo }, style, blocked }, "shopper");
    waitForUnblock(desk);
  } catch (fault) {
    if (signal.aborted) return;
    refuse(desk, troubleOf(fault).code, () => void read(desk, file));
  }
}

function refuse(desk: Desk, code: string, retry?: () => void): void {
  step(desk, { type: "photo_refused" }, "shopper");
  desk.host.notice(desk.view.sentence(code, null), retry);
}

/** Asks for the portrait, or goes on with the one that was asked for, and follows it to its end. */
export async function paint(desk: Desk): Promise<void> {
  const { state } = desk;
  if (state.kind !== "working") return;
  const signal = newRun(desk);
  try {
    const { portrait, photo } = state.portrait
      ? { portrait: state.portrait, photo: state.photo }
      : await orderPortrait(desk.client, { ...state, pending: false, onSent: desk.progress.sent }, signal);
    await follow(desk, { portrait, photo }, signal);
  } catch (fault) {
    settle(desk, fault, signal);
  }
}

/** Keeps the photo for an order that is painted later. */
export async function keep(desk: Desk): Promise<void> {
  const { state } = desk;
  if (state.kind !== "keeping") return;
  const signal = newRun(desk);
  try {
    const { portrait, photo } = await orderPortrait(desk.client, { ...state, pending: true }, signal);
    step(desk, { type: "answered", portrait, photo });
  } catch (fault) {
    settle(desk, fault, signal);
  }
}

/** Finds the work of an earlier visit again. What is gone on the server is forgotten here too, without a word. */
export async function restore(desk: Desk): Promise<void> {
  const { state, host } = desk;
  if (state.kind !== "restoring") return;
  const signal = newRun(desk);
  const work = host.remembered.work(host.settings.productId);
  try {
    await openSession(desk, signal);
    const { portrait, quota } = await desk.client.portrait(state.portraitId, { wait: false }, signal);
    desk.quota = quota;
    if (portrait.status === "cancelled") return step(desk, { type: "forgotten" });
    const wasBought = work?.submittedAtMs !== undefined && (await host.holds(portrait.id)) === true;
    signal.throwIfAborted();
    await follow(desk, { portrait, photo: state.photo, wasBought }, signal);
  } catch (fault) {
    const isGone = fault instanceof StorefrontFault && fault.status === 404;
    if (isGone && !signal.aborted) return step(desk, { type: "forgotten" });
    settle(desk, fault, signal);
  }
}

/** A new element, or a page that comes back: whatever was being waited for is waited for again. */
export function goOn(desk: Desk): void {
  void paint(desk);
  void restore(desk);
}

export function beginRestoring(desk: Desk): void {
  const work = desk.host.remembered.work(desk.host.settings.productId);
  if (!work || desk.state.kind !== "empty") return;
  const photo: Photo = { ...noPhoto, id: work.photoId };
  step(desk, { type: "restore", portraitId: work.portraitId, photo });
  void restore(desk);
}

async function openSession(desk: Desk, signal: AbortSignal) {
  const isFirst = desk.session === null;
  const session = await desk.client.session(signal);
  if (isFirst) {
    desk.quota = session.quota;
    desk.session = session;
    if (!isAway(desk)) show(desk);
  }
  return session;
}

async function follow(
  desk: Desk,
  from: { portrait: PortraitJson; photo: Photo; wasBought?: boolean },
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
      step(desk, { type: "answered", portrait, photo: from.photo });
      if (from.wasBought && desk.state.kind !== "working") step(desk, { type: "added" });
    },
  });
}

function settle(desk: Desk, fault: unknown, signal: AbortSignal): void {
  if (signal.aborted) return;
  const blocked = blockedBy(fault);
  if (!blocked || desk.state.kind !== "working") return step(desk, { type: "failed", trouble: troubleOf(fault) });
  if (blocked.reason === "day" && desk.quota) desk.quota = { ...desk.quota, remaining: 0, level: "none" };
  step(desk, { type: "refused", blocked });
  waitForUnblock(desk);
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
