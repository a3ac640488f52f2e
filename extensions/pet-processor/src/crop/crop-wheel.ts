import type { CropView } from "./crop-geometry.ts";
import { pointOn, type CropHand } from "./crop-hand.ts";
import { held } from "./crop-moves.ts";

const pixelsPerLine = 16;
/** A notch of a mouse's wheel counts many times as much as a trackpad's finger. */
const mostPixels = 25;
const zoomPerPixel = 0.01;

/** WebKit's own events for two fingers on a trackpad; the other browsers send them as a wheel with Ctrl held. */
type PinchEvent = UIEvent & { scale: number; clientX: number; clientY: number };

/** A wheel zooms with Ctrl or ⌘ and else scrolls the page, as if no photo were there. */
export function listenToWheel(hand: CropHand): void {
  const { stage, signal } = hand;
  const options = { signal, passive: false };

  function turnWheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const now = hand.now();
    if (!now) return;
    const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : pixelsPerLine);
    const factor = Math.exp(-zoomPerPixel * Math.min(mostPixels, Math.max(-mostPixels, pixels)));
    hand.drift(held(now.view, now.scene, { from: pointOn(stage, event), factor }));
  }

  let start: CropView | null = null;
  function pinch(event: PinchEvent): void {
    event.preventDefault();
    const now = hand.now();
    // On a phone these come beside the fingers' own pointers, which are enough.
    if (!now || stage.hasAttribute("data-moving")) return;
    start = event.type === "gesturestart" ? now.view : start;
    if (start) hand.drift(held(start, now.scene, { from: pointOn(stage, event), factor: event.scale }));
  }

  stage.addEventListener("wheel", turnWheel, options);
  for (const sign of ["gesturestart", "gesturechange"]) {
    stage.addEventListener(sign, (event) => pinch(event as PinchEvent), options);
  }
}
