import type { Log, LogFacts } from "#app/kernel/log.ts";

export type Said = { level: "info" | "warn" | "error"; event: string; facts: LogFacts | undefined };

/** A log that prints nothing and remembers what it was told. */
export function quietLog(): { log: Log; said: Said[] } {
  const said: Said[] = [];
  const hear = (level: Said["level"]) => (event: string, facts?: LogFacts) => void said.push({ level, event, facts });
  return { log: Object.freeze({ info: hear("info"), warn: hear("warn"), error: hear("error") }), said };
}
