import { faultNames, portCalls } from "./walk-plan.ts";

/** What the histories of the walk have to pass through to mean anything. */
const names = [
  "ready",
  "failed",
  "cancelled",
  "out of the gallery",
  "join",
  "refused",
  "cancel in flight",
  "charge",
  "charged late",
  "another one pays already",
  "painted twice",
  "zombie that lost the create",
  "job of somebody else ended",
  "given up",
  "call of a dead process settled",
  "over midnight",
  "bought",
  "bought and tried again",
  "bought while no money was left",
] as const;

export type WalkPaths = Record<string, number> & Record<(typeof names)[number], number>;

export const deathAt = (port: string): string => `death at ${port}`;
export const faultOf = (what: string): string => `a port ${what}`;

export const noWalkPaths = (): WalkPaths =>
  Object.fromEntries(
    [...names, ...faultNames.map(faultOf), ...portCalls.map(deathAt)].map((name) => [name, 0]),
  ) as WalkPaths;
