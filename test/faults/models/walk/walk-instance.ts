import type fc from "fast-check";
import { RecordsAway } from "#app/kernel/errors.ts";
import type { VirtualTime } from "./virtual-time.ts";
import { missedAfterMs, type Job, type WalkQueue } from "./walk-queue.ts";
import type { Fault } from "./walk-plan.ts";

/**
 * One process of the model. Every call of a port goes through `reach`: that is where others can come first, and where the
 * process dies (its promises never go on), stands still past its lease and comes back, is slow, or loses a reply.
 */
export type Instance = {
  readonly name: number;
  isDead(): boolean;
  /** From now on its promises never go on. */
  die(): void;
  /** Work that has been begun here and has not ended. */
  busy: number;
  readonly working: Map<Job, number>;
  reach<T>(port: string, effect: () => Promise<T>): Promise<T>;
  /** Every method of the port goes through {@link Instance.reach}. */
  around<Port extends object>(name: string, port: Port): Port;
};

export type InstanceWorld = {
  scheduler: fc.Scheduler;
  time: VirtualTime;
  queue: WalkQueue;
  /** The fault that strikes at this call of the port, whichever instance makes it. */
  faultAt(port: string): Fault | undefined;
  onFault(fault: Fault): void;
  onDeath(): void;
  /** One line for each call, for whoever reads what went wrong. */
  tell(line: string): void;
};

/** What a caller sees of a port that gives no answer. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

/** Records, budgets and the ledger lie in the database, whose adapter says so when it does not answer. */
function noAnswerOf(port: string, what: string): Error {
  const fault = new NoAnswer(`${port} ${what}`);
  return /^(records|budget|attempts)\./.test(port) ? new RecordsAway(fault, fault.message) : fault;
}

export function createInstance(world: InstanceWorld, name: number): Instance {
  const { scheduler, time, queue } = world;
  const working = new Map<Job, number>();
  let dead = false;
  let stalledUntilMs = 0;
  const missHeartbeats = () => {
    for (const [job, tries] of working) queue.failTry(job, tries);
  };
  const die = () => {
    dead = true;
    time.after(missedAfterMs, missHeartbeats);
    world.onDeath();
  };
  const stall = (ms: number) => {
    stalledUntilMs = Math.max(stalledUntilMs, time.nowMs + ms);
    if (ms >= missedAfterMs) time.after(missedAfterMs, missHeartbeats);
  };
  const aliveAgain = async (): Promise<void> => {
    if (dead) await never();
    if (stalledUntilMs <= time.nowMs) return;
    await time.sleep(stalledUntilMs - time.nowMs);
    await aliveAgain();
  };
  const turn = async (port: string): Promise<void> => {
    await aliveAgain();
    await scheduler.schedule(turns, `${name} ${port}`);
    await aliveAgain();
  };

  const before = async (port: string, { what, ms }: Fault): Promise<void> => {
    if (what === "dies before") die();
    if (what === "is not reached") throw noAnswerOf(port, "is not reached");
    if (what === "stalls before") stall(ms);
    if (what === "is slow") await time.sleep(ms);
    await turn(port);
  };
  const after = async (port: string, { what, ms }: Fault): Promise<void> => {
    if (what === "dies after") die();
    if (what === "loses its reply") throw noAnswerOf(port, "has lost its reply");
    if (what === "stalls after") stall(ms);
    await aliveAgain();
  };

  const reach: Instance["reach"] = async (port, effect) => {
    await turn(port);
    const fault = world.faultAt(port);
    if (fault !== undefined) {
      world.onFault(fault);
      await before(port, fault);
    }
    try {
      const answer = await effect();
      if (port !== "records.forgottenJobs") world.tell(`${name} ${port} ${shortly(fault?.what)} ${shortly(answer)}`);
      return answer;
    } finally {
      // What comes back finds a process that may have died or stand still by now.
      await aliveAgain();
      if (fault !== undefined) await after(port, fault);
    }
  };
  const around: Instance["around"] = (of, port) => {
    const entries = Object.entries(port).map(([method, part]: [string, unknown]) => {
      if (!isMethod(part)) return [method, part];
      return [method, (...given: unknown[]) => reach(`${of}.${method}`, async () => part(...given))];
    });
    return Object.fromEntries(entries) as typeof port;
  };
  return { name, isDead: () => dead, die, busy: 0, working, reach, around };
}

const isMethod = (part: unknown): part is (...given: unknown[]) => unknown => typeof part === "function";

const turns = Promise.resolve();
const never = (): Promise<never> => new Promise(() => undefined);

function shortly(answer: unknown): string {
  const text = JSON.stringify(answer, (name, value: unknown) => (boring.has(name) ? undefined : value)) ?? "";
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

const boring = new Set([
  "photos",
  "shop",
  "session",
  "key",
  "style",
  "styleRevision",
  "painter",
  "model",
  "bytes",
  "pets",
]);
