import type { Point } from "./result-magnify.ts";

type Follow = {
  signal: AbortSignal;
  magnify(by: number, point: Point): void;
  move(by: Point): void;
  /** A double tap or a double click. */
  twice(point: Point): void;
};

/** Longest pause between two taps, and how far apart they may fall: milliseconds and pixels. */
const twiceMs = 350;
const twicePx = 30;

/**
 * Mouse, fingers and wheel over a stage, as moves and magnifications about a point (pixels from the stage's middle). The
 * pinch is followed here and not left to the browser: its own would carry the buttons off the screen.
 */
export function followHand(stage: HTMLElement, { signal, magnify, move, twice }: Follow): void {
  const down = new Map<number, Point>();
  let tap: (Point & { at: number }) | null = null;
  let wasMoved = false;

  const pointOf = (event: MouseEvent): Point => {
    const { left, top, width, height } = stage.getBoundingClientRect();
    return { x: event.clientX - left - width / 2, y: event.clientY - top - height / 2 };
  };
  const on = <Name extends keyof HTMLElementEventMap>(name: Name, act: (event: HTMLElementEventMap[Name]) => void) =>
    stage.addEventListener(name, act, { signal, passive: false });

  on("pointerdown", (event) => {
    if (event.button !== 0) return;
    stage.setPointerCapture(event.pointerId);
    wasMoved = down.size > 0;
    down.set(event.pointerId, pointOf(event));
  });
  on("pointermove", (event) => {
    const from = down.get(event.pointerId);
    if (!from) return;
    const to = pointOf(event);
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
    down.set(event.pointerId, to);
    if (other) magnify(distance(to, other) / Math.max(1, distance(from, other)), middle(to, other));
    // Each of two fingers carries the picture by half.
    const share = other ? 0.5 : 1;
    move({ x: (to.x - from.x) * share, y: (to.y - from.y) * share });
    wasMoved ||= Boolean(other) || distance(from, to) > 3;
  });
  on("pointerup", (event) => {
    if (!down.delete(event.pointerId) || wasMoved) return;
    const at = { ...pointOf(event), at: event.timeStamp };
    const isSecond = tap !== null && at.at - tap.at < twiceMs && distance(tap, at) < twicePx;
    tap = isSecond ? null : at;
    if (isSecond) twice(at);
  });
  on("pointercancel", (event) => void down.delete(event.pointerId));
  on("wheel", (event) => {
    event.preventDefault();
    // A trackpad's pinch comes as a wheel with ctrl and in small steps.
    magnify(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002)), pointOf(event));
  });
}

const distance = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);
const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
