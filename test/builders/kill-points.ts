import type { AroundPort, PortName } from "#app/wiring.server.ts";

/**
 * Places at which a process can be made to die, as `kill -9` does it: in the middle of a step, with nothing tidied up. They
 * lie between any two effects of a portrait's walk, from the wish that is written down to the job that is ticked off.
 */
export const killPoints = {
  "written down, nothing held": "records.insertActive after",
  "quota held, no money": "quota.reserve after",
  "all held, not queued": "budget.reserve after",
  "queued, not answered": "queue.enqueue after",
  "the painter is about to be called": "attempts.begin after",
  "painted, not kept": "masters.create before",
  "kept, without a preview": "masters.create after",
  "kept, the books have not heard": "attempts.end before",
  "kept, nobody written down to pay": "records.decidePayer before",
  "kept, not charged": "quota.commit before",
  "charged, not given": "quota.commit after",
  "given, the job is still open": "records.finish after",
} as const satisfies Points;

/** From the order that Shopify tells of to the picture that is kept for it. */
export const orderKillPoints = {
  "taken, not written down": "orders.add before",
  "written down, nobody told": "orders.add after",
  "money held, not in line": "records.putInLine before",
  "in line, not queued": "records.putInLine after",
  "queued, the rest undone": "queue.enqueue after",
  "painted, not yet kept": "masters.create before",
  "given, storage not told": "orders.kept before",
} as const satisfies Points;

type Points = Record<string, `${PortName}.${string} ${"before" | "after"}`>;
const allPoints = { ...killPoints, ...orderKillPoints };

export type KillPoint = keyof typeof allPoints;

export const isKillPoint = (name: unknown): name is KillPoint => typeof name === "string" && name in allPoints;

/** @returns what is put around the ports, and `arm`, after which the next step at that point is the process's last */
export function createKillSwitch(): { around: AroundPort; arm(point: KillPoint): void } {
  let armed: string | undefined;
  const dieAt = (place: string) => {
    if (place === armed) process.kill(process.pid, "SIGKILL");
  };
  const around: AroundPort = (name, port) => {
    const steps = Object.entries(port).map(([method, value]: [string, unknown]) => {
      if (typeof value !== "function") return [method, value];
      const place = `${name}.${method}`;
      const step = (...args: unknown[]): unknown => {
        dieAt(`${place} before`);
        const answer: unknown = value.apply(port, args);
        if (!(answer instanceof Promise)) return answer;
        return answer.then((settled: unknown) => (dieAt(`${place} after`), settled));
      };
      return [method, step];
    });
    return Object.fromEntries(steps) as typeof port;
  };
  return { around, arm: (point) => void (armed = allPoints[point]) };
}
