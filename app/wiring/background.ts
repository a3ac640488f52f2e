import { repeatInBackground } from "#app/background-work.ts";
import type { Config } from "#app/config.server.ts";
import { watchBudgets, type WatchBudgetsParts } from "#app/ledger/watch-budgets.ts";
import type { DirectUploads } from "#app/photos/direct-uploads.ts";
import { callLeaseMs } from "#app/portraits/call-money.ts";
import type { MakePortrait } from "#app/portraits/make-portrait.ts";
import { resumePortraits, type ResumePortraitsParts } from "#app/portraits/resume-portraits.ts";
import { settleAbandonedCalls, type SettleAbandonedParts } from "#app/portraits/settle-abandoned-calls.ts";
import type { Privacy } from "#app/privacy/privacy.ts";
import type { RetirementWatch } from "./retirement-watch.ts";

export type BackgroundParts = Omit<WatchBudgetsParts, "budgets"> &
  Omit<ResumePortraitsParts, "makePortrait" | "silentForMs" | "giveUpAfterMs"> &
  Omit<SettleAbandonedParts, "abandonedAfterMs"> & {
    config: Config;
    resumeOrders(): Promise<void>;
    directUploads: DirectUploads | null;
    retirements: RetirementWatch;
    privacy: Pick<Privacy, "resumeUnfinished" | "sweepExpired" | "sweepOrphans">;
  };

const secondMs = 1_000;
const minuteMs = 60 * secondMs;

const resumeEveryMs = 15 * secondMs;
const giveUpAfterMs = 30 * minuteMs;
/** A making has ended long before; its money is held for longer. Milliseconds. */
const abandonedAfterMs = callLeaseMs - 2 * minuteMs;

/**
 * What the house does without being asked, in every instance: each piece can be done twice at once and by anybody.
 *
 * @returns stops all of it and waits for what is running
 */
export function startBackgroundWork(parts: BackgroundParts, makePortrait: MakePortrait): () => Promise<void> {
  const { log, privacy, retirements, directUploads } = parts;
  const { budgets } = parts.config;
  const resumed = { ...parts, makePortrait, silentForMs: resumeEveryMs, giveUpAfterMs };
  return repeatInBackground(log, [
    { name: "resume portraits", everyMs: resumeEveryMs, work: () => resumePortraits(resumed) },
    { name: "resume orders", everyMs: resumeEveryMs, work: () => parts.resumeOrders() },
    {
      name: "settle abandoned calls",
      everyMs: minuteMs,
      work: () => settleAbandonedCalls({ ...parts, abandonedAfterMs }),
    },
    { name: "resume privacy requests", everyMs: minuteMs, work: () => privacy.resumeUnfinished() },
    { name: "watch budgets", everyMs: minuteMs, work: () => watchBudgets({ ...parts, budgets }) },
    { name: "sweep expired", everyMs: 10 * minuteMs, work: () => privacy.sweepExpired() },
    { name: "sweep uploads", everyMs: 10 * minuteMs, work: async () => directUploads?.sweep() },
    { name: "sweep orphans", everyMs: 60 * minuteMs, work: () => privacy.sweepOrphans() },
    { name: "watch models", everyMs: 10 * minuteMs, work: async () => retirements.look() },
  ]);
}
