import { utcDay, type Clock } from "#app/kernel/clock.ts";
import type { Log } from "#app/kernel/log.ts";
import { retiresSoon } from "#app/painters/models.ts";

export type RetirementWatch = {
  /** What the provider has said beside a picture: it may know an end that our own list does not. */
  heard(model: string, retirementTime: string): void;
  /** Looks at every model that paints. */
  look(): void;
};

/**
 * Tells the log that a model ends, while it is 45 days away or less and after it has ended. A process may be up for weeks
 * and a provider repeats itself beside every picture, so each model is told of once a day, and again only when the
 * provider has named another time.
 */
export function createRetirementWatch({
  models,
  clock,
  log,
  sentence = retiresSoon,
}: {
  models: string[];
  clock: Clock;
  log: Pick<Log, "warn">;
  sentence?: typeof retiresSoon;
}): RetirementWatch {
  const reported = new Map<string, string>();
  let told = { day: "", occasions: new Set<string>() };
  const tell = (model: string) => {
    const day = utcDay(clock.nowMs());
    if (told.day !== day) told = { day, occasions: new Set() };
    const time = reported.get(model);
    const occasion = `${model} ${time}`;
    const said = sentence(model, clock.nowMs(), time);
    if (said === undefined || told.occasions.has(occasion)) return;
    told.occasions.add(occasion);
    log.warn("model retires", { model, said });
  };
  return Object.freeze({
    heard(model, retirementTime) {
      reported.set(model, retirementTime);
      tell(model);
    },
    look: () => models.forEach(tell),
  } satisfies RetirementWatch);
}
