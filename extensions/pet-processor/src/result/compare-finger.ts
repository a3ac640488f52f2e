export type Finger = {
  /** True while it is down and may still be about to scroll the page: what the slider makes of it does not count. */
  isUndecided(): boolean;
};

/** How far a finger goes to the side before it is taken to mean the line, in pixels. */
const meantPx = 6;

/**
 * Fingers on the slider: one that goes to the side moves the line from wherever it came down, one that taps sets it there,
 * and one that goes up or down is the page's. Browsers differ here: one drags only by the thumb, another jumps at the
 * first touch.
 */
export function followFinger(slider: HTMLElement, on: { signal: AbortSignal; point(clientX: number): void }): Finger {
  let down: { x: number; y: number; isMeant: boolean; isUp: boolean } | null = null;
  const listen = <Name extends keyof HTMLElementEventMap>(
    name: Name,
    act: (event: HTMLElementEventMap[Name]) => void,
  ) => slider.addEventListener(name, act, { signal: on.signal });

  listen("pointerdown", ({ clientX: x, clientY: y, pointerType }) => {
    down = pointerType === "touch" ? { x, y, isMeant: false, isUp: false } : null;
  });
  listen("pointermove", ({ clientX, clientY }) => {
    if (!down || down.isUp) return;
    const across = Math.abs(clientX - down.x);
    down.isMeant ||= across > meantPx && across > Math.abs(clientY - down.y);
    if (down.isMeant) on.point(clientX);
  });
  listen("pointerup", () => void (down && (down.isUp = true)));
  // The browser has taken it for scrolling.
  listen("pointercancel", () => (down = null));
  listen("click", ({ clientX }) => {
    if (down) on.point(clientX);
    down = null;
  });
  return { isUndecided: () => down !== null && !down.isMeant && !down.isUp };
}
