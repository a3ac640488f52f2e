import type { CropJson } from "../../../app/http/storefront-api.ts";
import { command, drift, end, jump, move, show, type CropDesk, type CropSubject } from "./crop/crop-desk.ts";
import { frameOf } from "./crop/crop-geometry.ts";
import type { CropHand } from "./crop/crop-hand.ts";
import { cropMarkup } from "./crop/crop-markup.ts";
import { listenToKeys } from "./crop/crop-keys.ts";
import { createCropPicture } from "./crop/crop-picture.ts";
import { listenToPointers } from "./crop/crop-pointers.ts";
import { listenToTools } from "./crop/crop-tools.ts";
import { createCropVoice } from "./crop/crop-voice.ts";
import { listenToWheel } from "./crop/crop-wheel.ts";
import { asMade } from "./page/made.ts";
import { idsIn } from "./page/make.ts";
import type { Words } from "./page/words.ts";

export type { CropSubject };

export type CropStage = {
  /** The photo on the stage; null takes the stage away. The same subject again changes nothing. */
  show(subject: CropSubject | null): void;
};

export type CropOptions = {
  /** The `<pet-processor>`, with the picture in its frame. */
  element: HTMLElement;
  words: Words;
  /** Aborts when the element leaves the page. */
  signal: AbortSignal;
  /** A gesture has come to its end with another crop than before. */
  onChange(key: string, crop: CropJson | null): void;
};

/** The stage on which a shopper moves, zooms and turns a photo behind the product's frame. Fetched when there is a photo. */
export function openCrop({ element, words, signal, onChange }: CropOptions): CropStage {
  element.querySelector('[data-part="picture"]')?.after(...asMade(cropMarkup(words, idsIn(element))));
  const stage = partOf(element, "crop");
  const tools = partOf(element, "crop-tools");
  const desk: CropDesk = {
    frame: frameOf(element.dataset["ratio"] ?? ""),
    picture: createCropPicture(stage, tools),
    voice: createCropVoice(partOf(element, "crop-live"), words, signal),
    onChange,
    shown: null,
    kept: new Map(),
    drifting: null,
    restTimer: 0,
  };
  const hand = handOf(desk, stage, signal);
  listenToPointers(hand);
  listenToWheel(hand);
  listenToKeys(hand, tools);
  listenToTools(hand, tools);
  const rest = () => desk.drifting && end(desk);
  // Who zooms by wheel and presses the next button at once means what is on show.
  element.ownerDocument.addEventListener("pointerdown", rest, { capture: true, signal });
  element.addEventListener("focusout", rest, { signal });
  signal.addEventListener("abort", () => clearTimeout(desk.restTimer));
  return Object.freeze({ show: (subject: CropSubject | null) => show(desk, subject) });
}

const handOf = (desk: CropDesk, stage: HTMLElement, signal: AbortSignal): CropHand => ({
  stage,
  signal,
  now: () => desk.shown && { view: desk.shown.steps.view, scene: desk.shown.scene },
  move: (view, gesture) => move(desk, view, { gesture, isEased: false }),
  end: () => end(desk),
  drift: (view) => drift(desk, view, false),
  jump: (view) => jump(desk, view),
  command: (name, isHeld) => command(desk, name, isHeld),
});

function partOf(element: HTMLElement, name: string): HTMLElement {
  const part = element.querySelector<HTMLElement>(`[data-part="${name}"]`);
  if (!part) throw new Error(`The block has no part "${name}".`);
  return part;
}
