import { appendFileSync, mkdirSync } from "node:fs";
import { inject } from "vitest";

/**
 * The figures that the fault suite has to reach, R1 to R12. Each is a `describe` whose title begins with its name; what was
 * really run is written down beside it. `npm run test:faults` runs the short form, which is part of `npm test`;
 * `npm run test:faults -- --full` runs every figure whole and writes docs/reliability.md.
 */
declare module "vitest" {
  interface ProvidedContext {
    faultsInFull: boolean;
  }
}

export const inFull = inject("faultsInFull");

/** How much of something is run. */
export const scaled = <T>({ short, full }: { short: T; full: T }): T => (inFull ? full : short);

export type FigureName =
  "R1" | "R2" | "R3" | "R4" | "R5" | "R6" | "R7" | "R8" | "R9" | "R11" | "R12" | "fair" | "orders";

const folder = new URL("../output/figures/", import.meta.url).pathname;

/**
 * Writes down what was run and what came of it, in a sentence with its numbers; call it once a test has held.
 * @param seen - of counts and facts; times are for the reader, no test depends on them
 */
export function report(figure: FigureName, seen: string): void {
  mkdirSync(folder, { recursive: true });
  appendFileSync(`${folder}${figure}.jsonl`, `${JSON.stringify({ seen })}\n`);
}
