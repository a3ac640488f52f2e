import fc from "fast-check";
import { keyedHolds } from "#test/builders/budget-designs.ts";
import { playMoney } from "#test/builders/budget-history.ts";
import { moneyHistories, noMoneyPaths } from "#test/builders/budget-steps.ts";
import { keyedReservations } from "#test/builders/quota-designs.ts";
import { playHistory } from "#test/builders/quota-history.ts";
import { histories, noPaths } from "#test/builders/quota-steps.ts";
import type { Play, Played } from "./players.ts";
import { playWalk } from "./walk/play-walk.ts";
import { noWalkPaths } from "./walk/walk-paths.ts";
import { walkPlans } from "./walk/walk-plan.ts";

/**
 * One process of several that play histories of a model: `node test/faults/models/play.ts '{"model":…,"seed":…,"histories":…}'`.
 * It stops at the first history that goes wrong, makes it as small as it can, and prints what came of it.
 */
const { model, seed, histories: numRuns } = JSON.parse(process.argv[2] ?? "{}") as Play;

const models: Record<Play["model"], () => Promise<Played>> = {
  async quota() {
    const paths = noPaths();
    let steps = 0;
    const property = fc.property(histories, (history) => {
      steps += history.length;
      playHistory(keyedReservations(), history, paths);
    });
    return played(fc.check(property, { numRuns, seed }), paths, steps);
  },

  async budget() {
    const paths = noMoneyPaths();
    let steps = 0;
    const property = fc.property(moneyHistories, (history) => {
      steps += history.length;
      playMoney(keyedHolds(), history, paths);
    });
    return played(fc.check(property, { numRuns, seed }), paths, steps);
  },

  async walk() {
    const paths = noWalkPaths();
    let steps = 0;
    const property = fc.asyncProperty(fc.scheduler(), walkPlans, async (scheduler, plan) => {
      await playWalk(scheduler, plan, paths);
      steps += scheduler.report().length;
    });
    return played(await fc.check(property, { numRuns, seed }), paths, steps);
  },
};

type Details = Pick<fc.RunDetails<unknown>, "failed" | "numRuns" | "counterexample" | "counterexamplePath"> & {
  errorInstance: unknown;
};

function played(details: Details, paths: Played["paths"], steps: number): Played {
  const { failed, numRuns, errorInstance, counterexample, counterexamplePath } = details;
  const story = (Array.isArray(counterexample) ? counterexample : []).map(told).join("\n");
  const why = `${String(errorInstance)}\nseed ${seed}, path ${counterexamplePath}\n${story}`;
  return { histories: numRuns, steps, paths, failure: failed ? why : null };
}

/** A scheduler as the order in which it let the calls of ports through. */
function told(part: unknown): string {
  if (typeof part !== "object" || part === null || !("report" in part)) return JSON.stringify(part);
  return (part as fc.Scheduler)
    .report()
    .map(({ label }) => label)
    .join(", ");
}

process.stdout.write(JSON.stringify(await models[model]()));
