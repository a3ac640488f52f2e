import { mayRemember } from "../page/consent.ts";
import { keepGround } from "../page/page-ground.ts";
import { browserDatabases, type Surroundings } from "../page/surroundings.ts";
import { createStorefrontClient } from "../storefront/storefront-client.ts";
import { beginRestoring, goOn, lookAgain, showEarlier } from "./coming-back.ts";
import { createEditorClient } from "./editor-client.ts";
import { createInstant } from "./instant.ts";
import { blockOf, offeredStyles } from "./offer.ts";
import { createProgressClock } from "./progress-clock.ts";
import { carry, count, isAway, newRun, show, step, type Desk, type Extras } from "./studio-desk.ts";
import { createExtras, noExtras } from "./studio-extras.ts";
import type { Studio, StudioHost } from "./studio-host.ts";
import { waitForUnblock } from "./studio-run.ts";
import { portraitForCart, slotsOf } from "./studio-selectors.ts";
import { emptyStudio, isUnderWay, noPhoto } from "./studio-state.ts";
import { createStudioView, type StudioAction } from "./studio-view.ts";
import { keep, paint, read } from "./studio-work.ts";

/**
 * The studio of one block. It outlives its element: a theme that re-renders the section gets the same studio, with the
 * same work under way, into the new element.
 */
export type LastingStudio = Studio & { moveInto(host: StudioHost): void };

export function createStudio(host: StudioHost, around: Surroundings): LastingStudio {
  const desk = setUp(host, around);
  listen(desk);
  show(desk);
  if (host.inEditor) showSamples(desk);
  else beginRestoring(desk);
  count(desk, "widget_viewed");
  return Object.freeze({
    pick: (file: Blob, isBeside?: boolean) => void (mayRead(desk) && read(desk, file, isBeside)),
    kind: () => desk.state.kind,
    stoppedBy: () => stoppedBy(desk),
    submitted: (portraitId: string) => noteSubmitted(desk, portraitId),
    arrived: (portraitId: string) => noteArrived(desk, portraitId),
    returned: () => void comeBack(desk),
    moveInto(next: StudioHost) {
      desk.host = next;
      desk.view = createStudioView(next.element, next.words, around.now);
      desk.extras = extrasOf(desk);
      listen(desk);
      carry(desk);
      desk.progress.follow(desk.state);
      show(desk);
    },
  });
}

function setUp(host: StudioHost, around: Surroundings): Desk {
  const { proxyPath } = host.settings;
  const client = host.inEditor
    ? createEditorClient(host.words)
    : createStorefrontClient(proxyPath, host.remembered, around);
  const desk: Desk = {
    host,
    view: createStudioView(host.element, host.words, around.now),
    client,
    around,
    progress: createProgressClock(around.now, (news) => isAway(desk) || desk.view.progress(news)),
    state: emptyStudio,
    session: null,
    quota: null,
    petNames: {},
    note: "",
    petsOf: new Map(),
    instant: createInstant({ storage: host.inEditor ? undefined : browserDatabases(), now: around.now, mayRemember }),
    extras: noExtras,
    run: new AbortController(),
    unblockTimer: 0,
  };
  desk.extras = extrasOf(desk);
  return desk;
}

function extrasOf(desk: Desk): Extras {
  return createExtras(desk, {
    onCrop(slot, crop) {
      if ("at" in desk.state) step(desk, { type: "cropped", slot, crop });
    },
    onPick(portrait) {
      if (mayPick(desk)) void showEarlier(desk, portrait);
    },
    onDeleted: () => forgetAll(desk),
  });
}

function forgetAll(desk: Desk): void {
  newRun(desk);
  desk.instant.clear();
  desk.petsOf.clear();
  desk.host.remembered.forgetAll();
  if (mayPick(desk)) step(desk, { type: "all_deleted" }, "shopper");
}

function listen(desk: Desk): void {
  const { element, signal } = desk.host;
  keepGround(element, signal);
  desk.view.listen({
    signal,
    onAction: (action) => act(desk, action),
    onStyle(style) {
      const { kind } = desk.state;
      if (kind === "choosing" || kind === "blocked") step(desk, { type: "style_chosen", style });
    },
    onPet(deed, slot) {
      if ("at" in desk.state) step(desk, { type: deed === "show" ? "pet_shown" : "pet_removed", slot }, "shopper");
    },
    onPetName(at, name) {
      const slot = slotsOf(desk.state)[at];
      if (slot !== undefined) desk.petNames[slot] = name;
      carry(desk);
    },
    onNote(note) {
      desk.note = note;
      carry(desk);
      show(desk);
    },
  });
  window.addEventListener("online", () => retry(desk, "itself"), { signal });
  const { ownerDocument: page } = element;
  const onSight = () => {
    waitForUnblock(desk);
    if (page.visibilityState === "visible") void lookAgain(desk);
  };
  page.addEventListener("visibilitychange", onSight, { signal });
}

/** What each button does. A button that a state does not show is not pressed there. */
function act(desk: Desk, action: StudioAction): void {
  const { state } = desk;
  switch (action) {
    case "paint":
      // On show already while the photo is still being read, so that nothing moves when it is.
      if (state.kind !== "choosing") return;
      step(desk, { type: "paint" }, "shopper");
      return void paint(desk);
    case "take":
      step(desk, { type: "another_take" }, "shopper");
      return void paint(desk);
    case "style":
      return anotherStyle(desk);
    case "shown":
      return step(desk, { type: "keep_shown" }, "shopper");
    case "after":
      step(desk, { type: "order_after" }, "shopper");
      return void keep(desk);
    case "again":
      return step(desk, { type: "again" }, "shopper");
    case "retry":
      return retry(desk, "shopper");
    case "cancel": {
      newRun(desk);
      const begun = state.kind === "working" ? state.portrait : null;
      step(desk, { type: "cancel" }, "shopper");
      if (begun && isUnderWay(begun)) desk.client.cancel(begun.id).catch(() => {});
    }
  }
}

function retry(desk: Desk, by: "shopper" | "itself"): void {
  if (desk.state.kind !== "trouble" || (by === "itself" && desk.state.trouble.code !== "offline")) return;
  step(desk, { type: "retry" }, by);
  goOn(desk);
}

function anotherStyle(desk: Desk): void {
  const { state } = desk;
  if (state.kind !== "result" && state.kind !== "pending" && state.kind !== "trouble") return;
  const current = state.kind === "trouble" ? ("style" in state.from ? state.from.style : "") : state.portrait.style;
  const others = offeredStyles(desk.session, desk.host.settings.styles).filter(({ id }) => id !== current);
  const style = others[0]?.id ?? current;
  step(desk, { type: "another_style", style, blocked: blockOf(desk.quota) }, "shopper");
  waitForUnblock(desk);
}

function mayPick({ state }: Desk): boolean {
  return !busy.includes(state.kind);
}

/** A photo that is being read gives way to the next one. */
function mayRead(desk: Desk): boolean {
  return desk.state.kind === "reading" || mayPick(desk);
}

const busy = ["reading", "working", "keeping", "restoring"];

function stoppedBy({ state, host }: Desk): string | null {
  if (host.inEditor) return null;
  // Also where a portrait is optional: who has asked for one does not want to buy without it by accident.
  if (busy.includes(state.kind)) return host.words.say(`stopped_${state.kind}`);
  if (!host.settings.isRequired || portraitForCart(state)) return null;
  return host.words.say(state.kind === "added" ? "stopped_added" : "stopped_missing");
}

function noteSubmitted({ host, around }: Desk, portraitId: string): void {
  const { remembered, settings } = host;
  const work = remembered.work(settings.productId);
  if (work?.portraitId !== portraitId) return;
  remembered.keepWork(settings.productId, { ...work, submittedAtMs: around.now() });
}

function noteArrived(desk: Desk, portraitId: string): void {
  const { state } = desk;
  if ((state.kind !== "result" && state.kind !== "pending") || state.portrait.id !== portraitId) return;
  step(desk, { type: "added" });
  count(desk, "added_to_cart", portraitId);
}

/**
 * From the back/forward cache: the form must not carry what was just bought. Work under way goes on by itself, since a call
 * that the browser has given up is repeated under its own key; begun anew, it would be a second wish.
 */
async function comeBack(desk: Desk): Promise<void> {
  const { state, host } = desk;
  if (state.kind !== "result" && state.kind !== "pending") return carry(desk);
  const isBought = await host.holds(state.portrait.id);
  if (desk.state !== state) return;
  if (isBought) return step(desk, { type: "added" });
  carry(desk);
}

function showSamples(desk: Desk): void {
  const preview = desk.host.words.maybe("sample_photo") || null;
  void desk.client.session(desk.run.signal).then((session) => {
    desk.session = session;
    desk.quota = session.quota;
    step(desk, { type: "photo_picked", preview });
    const style = offeredStyles(session, desk.host.settings.styles)[0]?.id ?? "";
    step(desk, { type: "photo_read", photo: { ...noPhoto, preview }, style, blocked: null });
  });
}
