import type { PortraitJson } from "../../../../app/http/storefront-api.ts";
import type { RememberedPet } from "../page/remembered.ts";
import { isAway, newRun, show, step, type Desk } from "./studio-desk.ts";
import { follow, isGone, openSession, settle } from "./studio-run.ts";
import { portraitForCart } from "./studio-selectors.ts";
import { noPhoto, type Pet } from "./studio-state.ts";
import { keep, paint } from "./studio-work.ts";

/** How the work of before is found again: after a reload, in another tab, on another day, or out of the strip. */

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

/** Begins whatever the state waits for. */
export function goOn(desk: Desk): void {
  void paint(desk);
  void keep(desk);
  void restore(desk);
}

/** Finds the work of an earlier visit again. What is gone on the server is forgotten here too, without a word. */
async function restore(desk: Desk): Promise<void> {
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
