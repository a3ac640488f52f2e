import { pino } from "pino";
import type { Log } from "#app/kernel/log.ts";

/**
 * One JSON object a line, in the field names that Google Cloud's log explorer knows. Errors keep their stack and their
 * cause; nothing here ever sees a query string.
 *
 * @param sync - each line is written before the call returns; for a process that exits by itself, whose last line would
 *   be lost otherwise
 */
export function createPinoLog({ level, sync = false }: { level: string; sync?: boolean }): Log {
  const options = {
    level,
    base: null,
    messageKey: "message",
    formatters: { level: (label: string) => ({ severity: severityOf[label] ?? "DEFAULT" }) },
    serializers: { error: pino.stdSerializers.errWithCause },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  const logger = pino(options, pino.destination({ sync }));
  return Object.freeze({
    info: (event, facts = {}) => logger.info(facts, event),
    warn: (event, facts = {}) => logger.warn(facts, event),
    error: (event, facts = {}) => logger.error(facts, event),
  } satisfies Log);
}

const severityOf: Record<string, string> = {
  debug: "DEBUG",
  info: "INFO",
  warn: "WARNING",
  error: "ERROR",
  fatal: "CRITICAL",
};
