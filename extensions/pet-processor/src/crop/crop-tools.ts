import type { CropHand } from "./crop-hand.ts";
import { placed, type CropCommand } from "./crop-moves.ts";

/** The buttons over the lower edge of the frame, and two sliders for who can neither drag nor press arrow keys. */
export function listenToTools(hand: CropHand, tools: HTMLElement): void {
  const { signal } = hand;
  tools.addEventListener(
    "click",
    (event) => {
      const button = (event.target as Element).closest<HTMLElement>("[data-crop]");
      if (button) hand.command(button.dataset["crop"] as CropCommand | "undo", false);
    },
    { signal },
  );
  tools.addEventListener(
    "input",
    (event) => {
      const slider = event.target as HTMLInputElement;
      const now = hand.now();
      if (now) hand.drift(placed(now.view, now.scene, axisOf(slider), Number(slider.value) / 100));
    },
    { signal },
  );
}

export const slidersIn = (tools: HTMLElement) => [...tools.querySelectorAll<HTMLInputElement>('input[type="range"]')];

export const axisOf = (slider: HTMLInputElement) => (slider.dataset["axis"] === "y" ? "y" : "x");

/** Not `disabled`: the focus would be lost when a button has done the last that it can. */
export function allow(tools: HTMLElement, command: CropCommand | "undo", isAllowed: boolean): void {
  tools.querySelector(`[data-crop="${command}"]`)?.setAttribute("aria-disabled", String(!isAllowed));
}
