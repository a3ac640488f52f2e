import type { PortraitJson } from "../../../../app/http/storefront-api.ts";
import { readPhoto } from "../photo/photo-file.ts";
import { troubleOf } from "../storefront/storefront-fault.ts";
import { wishOf } from "./instant.ts";
import { blockOf, offeredStyles } from "./offer.ts";
import { orderPortrait } from "./paint-portrait.ts";
import { newRun, show, step, type Desk } from "./studio-desk.ts";
import { follow, isGone, openSession, settle, waitForUnblock } from "./studio-run.ts";
import { lastTake, type Pet, type Trouble } from "./studio-state.ts";

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
