import type { Log } from "#app/kernel/log.ts";
import { countOf, type Finding } from "./finding.ts";

/**
 * Writes findings for whoever reads a log and not a terminal: one line each, as loud as it is bad, and one at the end. The
 * alarms of the deployment wait for these words.
 */
export function logFindings(findings: Finding[], log: Log): void {
  for (const finding of findings) {
    const { name, state, said } = finding;
    log[loudness[state]]("finding", { check: name, state, said, ...("toDo" in finding ? { toDo: finding.toDo } : {}) });
  }
  log.info("examined", countOf(findings));
}

const loudness = { ok: "info", skipped: "info", warning: "warn", failed: "error" } as const satisfies Record<
  Finding["state"],
  keyof Log
>;
