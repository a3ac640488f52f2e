/**
 * Who is painted first. In the order of asking, one shop with a crowd before its door would make the shoppers of all others
 * wait. So each further portrait of a shop that waits is treated as if it had been asked for later, by the time that one
 * takes: every shop has a line of its own, the lines move together, and a free painter serves whoever is there. Nobody
 * waits for ever, because time goes on and a late turn comes too (start-time fair queueing, Goyal, Vin, Cheng 1996).
 *
 * What somebody has bought is painted before what somebody looks at.
 */
export type TurnInLine = {
  nowMs: number;
  /** Portraits of the same shop that wait already. */
  shopsWaiting: number;
  isOrdered?: boolean;
};

/** About the time that a portrait takes, milliseconds. */
export const portraitTakesMs = 10_000;

/** Further back than anybody waits, milliseconds. */
const beforeAllBrowsersMs = 24 * 60 * 60 * 1000;

/** @returns milliseconds since the epoch, as if it had been asked for then */
export function turnInLine({ nowMs, shopsWaiting, isOrdered = false }: TurnInLine): number {
  return isOrdered ? nowMs - beforeAllBrowsersMs : nowMs + shopsWaiting * portraitTakesMs;
}
