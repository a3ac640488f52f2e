import type { Words } from "../page/words.ts";
import type { CropView } from "./crop-geometry.ts";

const restMs = 500;

/** Says what has become of the photo, once, when it has come to rest. */
export type CropVoice = {
  /** From here on changes are counted. */
  begin(view: CropView): void;
  changed(view: CropView, isUndo: boolean): void;
};

export function createCropVoice(live: HTMLElement, words: Words, signal: AbortSignal): CropVoice {
  let said: CropView | null = null;
  let timer = 0;

  function hush(): void {
    clearTimeout(timer);
    // Emptied, so that the same words are heard again.
    live.textContent = "";
  }

  signal.addEventListener("abort", hush);
  return Object.freeze({
    begin(view: CropView) {
      hush();
      said = view;
    },
    changed(view: CropView, isUndo: boolean) {
      hush();
      timer = window.setTimeout(() => {
        live.textContent = isUndo ? words.say("crop_undone") : whatChanged(said, view, words);
        said = view;
      }, restMs);
    },
  });
}

function whatChanged(before: CropView | null, after: CropView, words: Words): string {
  if (!before || before.turn !== after.turn) return words.say("crop_turned");
  if (before.scale === after.scale) return before.x === after.x && before.y === after.y ? "" : words.say("crop_moved");
  if (after.scale === 1) return words.say("crop_shown_whole");
  return words.say("crop_zoomed", { zoom: words.number(Math.round(after.scale * 100)) });
}
