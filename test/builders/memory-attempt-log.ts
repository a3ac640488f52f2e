import type { AttemptEnd, AttemptLog, AttemptStart } from "#app/ledger/attempt-log.ts";

export type AttemptRow = AttemptStart & { end: AttemptEnd | null };

/** The ledger's rows in memory, for a house without a spending limit. */
export function createMemoryAttemptLog() {
  const rows: AttemptRow[] = [];
  const log: AttemptLog = Object.freeze({
    async begin(attempt) {
      rows.push({ ...attempt, end: null });
      return { begun: true as const };
    },
    async end(id, end) {
      const row = rows.find((one) => one.id === id);
      if (row !== undefined) row.end ??= end;
    },
    abandoned: async (beforeMs, limit) =>
      rows.filter((row) => row.end === null && row.startedAtMs < beforeMs).slice(0, limit),
  } satisfies AttemptLog);
  return { log, rows };
}
