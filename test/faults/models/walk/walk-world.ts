import type fc from "fast-check";
import type { PaintRequest, Painting } from "#app/painters/painter.ts";
import { PaintingFailure } from "#app/painters/painting-failure.ts";
import { createMemoryAttemptLog } from "#test/builders/memory-attempt-log.ts";
import { createMemoryBudgetStore } from "#test/builders/memory-budget-store.ts";
import { createMemoryObjectStore } from "#test/builders/memory-object-store.ts";
import type { PortraitRow } from "#test/builders/memory-portrait-records.ts";
import { createMemoryQuotaStore } from "#test/builders/memory-quota-store.ts";
import { noTokens } from "#app/kernel/token-counts.ts";
import { createVirtualTime } from "./virtual-time.ts";
import type { Fault, WalkPlan } from "./walk-plan.ts";
import type { WalkPaths } from "./walk-paths.ts";
import { createWalkQueue } from "./walk-queue.ts";

/** What all instances share: the records, the quotas, the money, the pictures, the queue and the provider. */
export type World = ReturnType<typeof createWorld>;

export const shop = "a.shop";
export const leaseMs = 90_000;
export const dayMoney = 400_000;
export const price = { highestMicroUsd: 40_000, usualMicroUsd: 30_000 };
const usage = { tokens: noTokens, finishReason: "STOP", providerRequestId: null };

export function createWorld(scheduler: fc.Scheduler, plan: WalkPlan, paths: WalkPaths) {
  const time = createVirtualTime(plan.startMs);
  const rows: PortraitRow[] = [];
  const calls: { take: number; isPainted: boolean }[] = [];
  let ids = 0;
  const provider = createProvider(plan, { time, calls });
  return {
    scheduler,
    plan,
    paths,
    time,
    rows,
    calls,
    paint: provider,
    quota: createMemoryQuotaStore(),
    /** What each commit was answered, by the request's name. */
    commits: [] as { requestId: string; answer: "committed" | "late" }[],
    budget: createMemoryBudgetStore(),
    attempts: createMemoryAttemptLog(),
    masters: createMemoryObjectStore(),
    previews: createMemoryObjectStore(),
    queue: createWalkQueue(time),
    ids: { next: (kind: string) => `${kind}_${String((ids += 1)).padStart(6, "0")}` },
    /** `unkept`: by key, those that began while the picture was not there yet. */
    makings: { begun: 0, unkept: new Map<string, number>() },
    struck: { faults: 0, givenUp: 0 },
    story: [] as string[],
    tell(line: string) {
      this.story.push(`${((time.nowMs - plan.startMs) / 1000).toFixed(1)} ${line}`);
    },
    faultAt: createFaults(plan.faults),
  };
}

function createFaults(faults: readonly Fault[]) {
  const calls = new Map<string, number>();
  return (port: string): Fault | undefined => {
    const nth = calls.get(port) ?? 0;
    calls.set(port, nth + 1);
    return faults.find((fault) => fault.at === port && fault.nth === nth);
  };
}

type Provider = { time: ReturnType<typeof createVirtualTime>; calls: { take: number; isPainted: boolean }[] };

/** Every picture that it paints is another one, so that a picture says which call it is from. */
function createProvider({ answers }: WalkPlan, { time, calls }: Provider) {
  return async ({ take, signal }: PaintRequest): Promise<Painting> => {
    const answer = answers[calls.length % answers.length];
    const call = { take, isPainted: false };
    const number = calls.push(call);
    await untilAnswered(time, answer?.takesMs ?? 0, signal);
    if (answer === undefined || answer.what === "paints") {
      call.isPainted = true;
      return { image: Buffer.from(`take ${take}, picture ${number}`), usage };
    }
    throw failureOf(answer.what);
  };
}

function untilAnswered(time: Provider["time"], ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(signal.reason as Error);
    if (signal.aborted) return giveUp();
    const takeBack = time.after(ms, () => (signal.removeEventListener("abort", giveUp), resolve()));
    signal.addEventListener("abort", () => (takeBack(), giveUp()), { once: true });
  });
}

function failureOf(what: "fails" | "is cut" | "refuses" | "blocks"): PaintingFailure {
  const facts = {
    fails: { remedy: "retry", billing: "nothing", providerIsDown: true },
    "is cut": { remedy: "retry", billing: "unknown", providerIsDown: true },
    refuses: { remedy: "none", billing: "reported", providerIsDown: false, usage },
    blocks: { remedy: "soften", billing: "reported", providerIsDown: false, usage },
  } as const;
  return new PaintingFailure({
    code: what,
    kind: "unavailable",
    publicMessage: "It did not come out.",
    ...facts[what],
  });
}
