import type { CropView } from "./crop-geometry.ts";
import { pointOn, type CropHand } from "./crop-hand.ts";
import { held, toggled, type Point, type Scene } from "./crop-moves.ts";

/** Further than this, in pixels, and it is a drag; longer than this until the next, and it is no double tap. */
const tapReach = 8;
const doubleTapMs = 300;

type Grip = { gesture: object; view: CropView; scene: Scene; middle: Point; spread: number };

/**
 * Mouse, pen and fingers. One moves the photo, two also zoom it; a double tap fills the frame or shows the whole photo, and
 * a single tap brings a spot to the middle, for those who cannot drag.
 */
export function listenToPointers(hand: CropHand): void {
  const { stage, signal } = hand;
  const down = new Map<number, PointerEvent>();
  let grip: Grip | null = null;
  let pressed: PointerEvent | null = null;

  /** Anew with each finger that comes or goes: what lies under the fingers then stays under them. */
  function takeHold(): void {
    const now = hand.now();
    const isHeld = now && down.size > 0;
    grip = isHeld ? { ...now, gesture: grip?.gesture ?? {}, ...graspOf(stage, [...down.values()]) } : null;
  }

  function press(event: PointerEvent): void {
    if (event.button !== 0 || !hand.now()) return;
    stage.setPointerCapture(event.pointerId);
    pressed = down.size === 0 ? event : null;
    down.set(event.pointerId, event);
    takeHold();
  }

  function drag(event: PointerEvent): void {
    if (!down.has(event.pointerId) || !grip) return;
    down.set(event.pointerId, event);
    // A tap of a finger is never quite still.
    if (pressed && distance(pressed, event) < tapReach) return;
    pressed = null;
    const { middle, spread } = graspOf(stage, [...down.values()]);
    const factor = spread > 0 && grip.spread > 0 ? spread / grip.spread : 1;
    // Another photo came under the fingers: it waits for the next press.
    if (hand.now()?.scene !== grip.scene) return;
    stage.toggleAttribute("data-moving", true);
    hand.move(held(grip.view, grip.scene, { from: grip.middle, to: middle, factor }), grip.gesture);
  }

  function release(event: PointerEvent): void {
    if (!down.delete(event.pointerId)) return;
    takeHold();
    if (grip) return;
    stage.toggleAttribute("data-moving", false);
    hand.end();
    if (pressed && event.type === "pointerup") tap(pressed);
    pressed = null;
  }

  const tap = tapping(hand);
  stage.addEventListener("pointerdown", press, { signal });
  stage.addEventListener("pointermove", drag, { signal });
  stage.addEventListener("pointerup", release, { signal });
  stage.addEventListener("pointercancel", release, { signal });
  for (const sign of ["touchstart", "touchmove"] as const) {
    // One finger may scroll the page, two are ours: else a browser that sees them scroll takes both.
    const keep = (event: TouchEvent) => event.touches.length > 1 && event.cancelable && event.preventDefault();
    stage.addEventListener(sign, keep, { signal, passive: false });
  }
}

function tapping(hand: CropHand): (event: PointerEvent) => void {
  let last: PointerEvent | null = null;
  let timer = 0;
  hand.signal.addEventListener("abort", () => clearTimeout(timer));
  return (event) => {
    clearTimeout(timer);
    const at = pointOn(hand.stage, event);
    const now = hand.now();
    const isDouble = last && event.timeStamp - last.timeStamp < doubleTapMs && distance(last, event) < 3 * tapReach;
    last = isDouble ? null : event;
    if (!now) return;
    if (isDouble) return hand.jump(toggled(now.view, now.scene, at));
    timer = window.setTimeout(() => {
      const then = hand.now();
      if (then) hand.jump(held(then.view, then.scene, { from: at, to: { x: 0, y: 0 } }));
    }, doubleTapMs);
  };
}

/** The middle of what holds the photo and, with two fingers, how far apart they are, in pixels. */
function graspOf(stage: HTMLElement, [one, two]: PointerEvent[]): { middle: Point; spread: number } {
  if (!one) return { middle: { x: 0, y: 0 }, spread: 0 };
  const a = pointOn(stage, one);
  if (!two) return { middle: a, spread: 0 };
  const b = pointOn(stage, two);
  return { middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }, spread: distance(one, two) };
}

const distance = (one: PointerEvent, other: PointerEvent) =>
  Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
