import type { CropJson } from "../../../../app/http/storefront-api.ts";
import { bounded, cropOf, viewOf, type CropView, type Size } from "./crop-geometry.ts";
import { commanded, type CropCommand, type Scene } from "./crop-moves.ts";
import type { CropPicture } from "./crop-picture.ts";
import { firstStep, settled, stepBack, stepTo, type CropSteps } from "./crop-steps.ts";
import type { CropVoice } from "./crop-voice.ts";

/** A photo to be cut: `photo` is its upright size in pixels, `crop` null for the whole of it. */
export type CropSubject = { key: string; url: string; photo: Size; crop: CropJson | null };

/** What is on the stage, and how it got there. */
export type CropDesk = {
  frame: Size;
  picture: CropPicture;
  voice: CropVoice;
  onChange(key: string, crop: CropJson | null): void;
  shown: {
    subject: CropSubject;
    scene: Scene;
    steps: CropSteps;
    /** The crop as the page knows it. */
    told: string;
    /** The crop as the stage shows it: another one where the page's was made for another frame. */
    seen: string;
  } | null;
  /** The steps of the photos that were on the stage before. */
  kept: Map<string, CropSteps>;
  /** The gesture that is over after a short rest. */
  drifting: object | null;
  restTimer: number;
};

const restMs = 200;

/** The same subject again changes nothing: what a hand is doing goes on. */
export function show(desk: CropDesk, subject: CropSubject | null): void {
  const { shown, frame } = desk;
  if (subject && shown && idOf(subject) === idOf(shown.subject) && nameOf(subject.crop) === shown.told) {
    return desk.picture.show(subject.url);
  }
  end(desk);
  desk.shown = null;
  if (!subject) return desk.picture.hide();
  const { photo, crop } = subject;
  const before = desk.kept.get(idOf(subject));
  const isAsLeft = before && nameOf(cropOf(before.view, photo, frame)) === nameOf(crop);
  const steps = isAsLeft ? before : firstStep(viewOf(crop, photo, frame));
  const seen = nameOf(cropOf(steps.view, photo, frame));
  desk.shown = { subject, scene: { photo, frame }, steps, told: nameOf(crop), seen };
  desk.voice.begin(bounded(steps.view, photo, frame));
  desk.picture.show(subject.url);
  desk.picture.draw(steps.view, { photo, frame }, { undo: steps.past.length > 0, isEased: false });
}

export function move(desk: CropDesk, view: CropView, { gesture, isEased }: { gesture: object; isEased: boolean }) {
  if (desk.shown) take(desk, stepTo(desk.shown.steps, view, gesture), { isEased });
}

/** A move of a gesture that has no end of its own. */
export function drift(desk: CropDesk, view: CropView, isEased: boolean): void {
  desk.drifting ??= {};
  move(desk, view, { gesture: desk.drifting, isEased });
  clearTimeout(desk.restTimer);
  desk.restTimer = window.setTimeout(() => end(desk), restMs);
}

/** A gesture of one move. */
export function jump(desk: CropDesk, view: CropView): void {
  move(desk, view, { gesture: {}, isEased: true });
  end(desk);
}

/** @param isHeld - by a key, which repeats: that is one gesture until it rests */
export function command(desk: CropDesk, name: CropCommand | "undo", isHeld: boolean): void {
  if (!desk.shown) return;
  const { steps, scene } = desk.shown;
  if (name !== "undo") {
    const view = commanded(steps.view, scene, name);
    return isHeld ? drift(desk, view, true) : jump(desk, view);
  }
  if (settled(steps).past.length > 0) take(desk, stepBack(steps), { isEased: true, isUndo: true });
  end(desk);
}

/** The gesture is over: it has become a step, and whoever listens hears of the new crop. */
export function end(desk: CropDesk): void {
  clearTimeout(desk.restTimer);
  desk.drifting = null;
  const { shown } = desk;
  if (!shown) return;
  shown.steps = settled(shown.steps);
  desk.kept.set(idOf(shown.subject), shown.steps);
  const crop = cropOf(shown.steps.view, shown.scene.photo, shown.scene.frame);
  if (nameOf(crop) === shown.seen) return;
  shown.told = shown.seen = nameOf(crop);
  desk.onChange(shown.subject.key, crop);
}

function take(desk: CropDesk, steps: CropSteps, how: { isEased: boolean; isUndo?: boolean }): void {
  const { shown } = desk;
  if (!shown || steps === shown.steps) return;
  shown.steps = steps;
  const { photo, frame } = shown.scene;
  desk.picture.draw(steps.view, shown.scene, { undo: steps.past.length > 0, isEased: how.isEased });
  desk.voice.changed(bounded(steps.view, photo, frame), how.isUndo ?? false);
}

/** With the address: another photo in the same place must not be led back through the steps of the one before. */
const idOf = ({ key, url, photo }: CropSubject) => [key, photo.width, photo.height, url].join(" ");

const nameOf = (crop: CropJson | null) =>
  crop ? [crop.x, crop.y, crop.width, crop.height, crop.turn].join(" ") : "whole";
