/**
 * The provider closes a project for a while that spends more than its limit within ten minutes. We wait instead: whoever
 * keeps the books throws this before a call that would pass the limit, and the guard waits without counting it as a try.
 */
export class NoRoomYet extends Error {
  override readonly name = "NoRoomYet";
  /** When the oldest spending leaves the window, milliseconds from now. */
  readonly retryInMs: number;
  constructor(retryInMs: number) {
    super(`the painter's spending limit leaves no room for ${Math.ceil(retryInMs / 1000)} s`);
    this.retryInMs = retryInMs;
  }
}
