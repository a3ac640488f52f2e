/** A clock that stands still until it is moved. */
export function stoppedClock(atMs: number) {
  const clock = { atMs, nowMs: () => clock.atMs, now: () => new Date(clock.atMs) };
  return clock;
}
