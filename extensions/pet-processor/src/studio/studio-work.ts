import type { PortraitJson } from "../../../../app/http/storefront-api.ts";
import type { RememberedPet } from "../page/remembered.ts";
import { readPhoto } from "../photo/photo-file.ts";
import { blockedBy, StorefrontFault, troubleOf } from "../storefront/storefront-fault.ts";
import { wishOf } from "./instant.ts";
import { blockOf, offeredStyles } from "./offer.ts";
import { followPortrait, orderPortrait } from "./paint-portrait.ts";
import { isAway, newRun, show, step, type Desk } from "./studio-desk.ts";
import { portraitForCart } from "./studio-selectors.ts";
import { lastTake, noPhoto, type Pet, type Trouble } from "./studio-state.ts";

/** The long steps: each begins in the state that asks for it, reports what happens, and stops when another begins. */

/** Reads a picked file. What is refused leaves the studio as it was, with a sentence. */
export async function read(desk: Desk, file: Blob, isBeside = false): Promise<void> {
  const preview = URL.createObjectURL(file);
  const before = desk.state.kind === "reading" ? desk.state.back : desk.state;
  if (!("at" in before)) {
    // What was written was about the pets of another picture.
    desk.petNames = {};
    desk.note = "";
  }
  step(desk, { type: "photo_picked", preview, isBeside }, "shopper");
  const signal = newRun(desk);
  try {
    const session = await openSession(desk, signal);
    const photo = await readPhoto(file, session.limits, toolsOf(desk));
    if (signal.aborted) return;
    if ("refused" in photo) return refuse(desk, { code: photo.refused, message: null, retryable: false });
    const style = offeredStyles(session, desk.host.settings.styles)[0]?.id ?? "";
    const blocked = blockOf(desk.quota);
    step(
      desk,
      { type: "photo_read", photo: { ...photo, id: null, preview: shownAs(photo, file, preview) }, style, blocked },
      "shopper",
    );
    waitForUnblock(desk);
  } catch (fault) {
    if (signal.aborted) return;
    refuse(desk, troubleOf(fault), () => void read(desk, file, isBeside));
  }
}

/** A photo that the page cannot show as it came is shown as it travels. */
function shownAs(photo: { preview: Blob }, file: Blob, address: string): string {
  if (photo.preview === file) return address;
  URL.revokeObjectURL(address);
  return URL.createObjectURL(photo.preview);
}

function toolsOf({ host }: Desk) {
  const { photoWorker, heic, heicWasm } = host.element.dataset;
  return {
    ...(photoWorker ? { workerUrl: photoWorker } : {}),
    ...(heic && heicWasm ? { heicUrl: { script: heic, wasm: heicWasm } } : {}),
  };
}

function refuse(desk: Desk, trouble: Trouble, retry?: () => void): void {
  step(desk, { type: "photo_refused" }, "shopper");
  desk.host.notice(desk.view.sentence(trouble), retry);
}

/** Asks for the portrait, or goes on with the one that was asked for, and follows it to its end. */
export async function paint(desk: Desk): Promise<void> {
  const { state } = desk;
  if (state.kind !== "working") return;
  const signal = newRun(desk);
  keepPhotos(desk, state.pets);
  try {
    const wish = wishOf(state, await openSession(desk, signal));
    const found = state.portrait ? null : await desk.instant.portrait(wish);
    signal.throwIfAborted();
    if (found && state.take > 1 && state.take < lastTake) {
      // Only "another take" asks for one of these, and means one that the shopper has not seen yet.
      step(desk, { type: "another_take" });
      return paint(desk);
    }
    if (found) return showAgain(desk, found, wish);
    const { portrait, pets } = state.portrait
      ? { portrait: state.portrait, pets: state.pets }
      : await orderPortrait(desk.client, { ...state, pending: false, onSent: desk.progress.sent }, signal);
    await follow(desk, { portrait, pets }, signal);
    if (desk.state.kind === "result") desk.instant.keepPortrait(wish, desk.state.portrait);
  } catch (fault) {
    settle(desk, fault, signal);
  }
}

/** Before they are sent: who leaves in the middle of that comes back to them. */
function keepPhotos({ instant }: Desk, pets: readonly Pet[]): void {
  for (const { photo } of pets) {
    const { bytes, width, height } = photo;
    if (bytes) instant.keepPhoto(photo.sourceSha256, { bytes, width, height });
  }
}

/** At once, and the server is asked behind it: what was deleted there is painted again. */
function showAgain(desk: Desk, portrait: PortraitJson, wish: string | null): void {
  step(desk, { type: "answered", portrait: { ...portrait, cached: true } });
  const { state } = desk;
  desk.client.portrait(portrait.id, { wait: false }, desk.run.signal).then(
    ({ quota }) => {
      desk.quota = quota;
      if (desk.state === state) show(desk);
    },
    (fault: unknown) => {
      if (!isGone(fault)) return;
      desk.instant.drop(wish);
      if (desk.state !== state) return;
      step(desk, { type: "forgotten" });
      void paint(desk);
    },
  );
}

/** Keeps the photo for an order that is painted later. */
export async function keep(desk: Desk): Promise<void> {
  const { state } = desk;
  if (state.kind !== "keeping") return;
  const signal = newRun(desk);
  keepPhotos(desk, state.pets);
  try {
    await openSession(desk, signal);
    const { portrait, pets } = await orderPortrait(desk.client, { ...state, pending: true }, signal);
    step(desk, { type: "answered", portrait, pets });
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
    await follow(desk, { portrait, pets: state.pets, wasBought }, signal);
  } catch (fault) {
    if (isGone(fault) && !signal.aborted) return step(desk, { type: "forgotten" });
    settle(desk, fault, signal);
  }
}

/**
 * Whoever comes back to a tab may come a week later, or from another one in which everything was deleted: a portrait that is
 * not kept any more must not go into the cart, and what is left today may be another day's.
 */
export async function lookAgain(desk: Desk): Promise<void> {
  const { state, client, host } = desk;
  const portrait = isAway(desk) || state.kind === "trouble" ? null : portraitForCart(state);
  if (!portrait) return;
  try {
    const { quota } = await client.portrait(portrait.id, { wait: false }, desk.run.signal);
    if (desk.state !== state) return;
    desk.quota = quota ?? desk.quota;
    show(desk);
  } catch (fault) {
    if (!isGone(fault) || desk.state !== state) return;
    step(desk, { type: "portrait_gone" });
    desk.extras.refresh();
    host.notice(host.words.say("portrait_gone"));
  }
}

/** In our server's own word: a shop that has lost its way to us answers 404 too. */
function isGone(fault: unknown): boolean {
  return fault instanceof StorefrontFault && fault.status === 404 && fault.code === "not_found";
}

/** Begins whatever the state waits for. */
export function goOn(desk: Desk): void {
  void paint(desk);
  void keep(desk);
  void restore(desk);
}

export function beginRestoring(desk: Desk): void {
  const work = desk.host.remembered.work(desk.host.settings.productId);
  if (!work || desk.state.kind !== "empty") return;
  void Promise.all(work.pets.map((pet, n) => petAgain(desk, pet, n + 1))).then((pets) => {
    if (desk.state.kind !== "empty") return;
    const { portraitId, wish } = work;
    if (portraitId) step(desk, { type: "restore", portraitId, pets });
    else if (wish) step(desk, { type: "wished_before", ...wish, pets });
    goOn(desk);
  });
}

/** Puts an earlier portrait on show, with what it was painted of where this browser still knows that. */
export async function showEarlier(desk: Desk, portrait: PortraitJson): Promise<void> {
  const signal = newRun(desk);
  const pets = desk.petsOf.get(portrait.id) ?? (await petsBehind(desk, portrait.id));
  if (!signal.aborted) step(desk, { type: "portrait_picked", portrait, pets }, "shopper");
}

async function petsBehind(desk: Desk, portraitId: string): Promise<Pet[]> {
  const origin = await desk.instant.origin(portraitId);
  return Promise.all(origin.map((pet, n) => petAgain(desk, { ...pet, photoId: null }, n + 1)));
}

/** With the photo itself where this browser has kept it, else by what the server knows it by. */
async function petAgain({ instant }: Desk, pet: RememberedPet, slot: number): Promise<Pet> {
  const { photoId, sourceSha256, crop } = pet;
  const kept = await instant.photo(sourceSha256);
  const photo = { ...noPhoto, id: photoId, sourceSha256 };
  if (!kept) return { slot, crop, photo };
  const { bytes, width, height } = kept;
  return { slot, crop, photo: { ...photo, bytes, width, height, preview: URL.createObjectURL(bytes) } };
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
