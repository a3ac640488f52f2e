import { type AppError, isAppError, RecordsAway } from "#app/kernel/errors.ts";
import { ConnectionLost, ServerSilent } from "./server-watch.ts";

/**
 * What Prisma, its adapter and pg throw when the database cannot be reached, is lost in the middle, or is too full: the
 * same kind of trouble in a dozen shapes, found by trying each on a real server. Everything else they throw says something
 * about the statement, and is passed on as it came.
 */
export function asTrouble(error: unknown): unknown {
  return !isAppError(error) && isTrouble(error) ? databaseBusy(error) : error;
}

const databaseBusy = (cause: unknown): AppError =>
  new RecordsAway(cause, `database: ${cause instanceof Error ? lastLine(cause.message) : "unknown trouble"}`);

/** Prisma puts the call before what happened. */
const lastLine = (message: string): string => message.trim().split("\n").at(-1)?.slice(0, 300) ?? "";

/** True for what can be over in a moment; false for what is wrong with the statement, the password or the address. */
export function isTrouble(error: unknown): boolean {
  if (error instanceof ServerSilent || error instanceof ConnectionLost) return true;
  if (!(error instanceof Error)) return false;
  const { codes, kinds } = factsOf(error);
  if (codes.some((code) => prismaCodes.has(code) || socketCodes.has(code) || isPassingState(code))) return true;
  return kinds.some((kind) => driverKinds.has(kind)) || sentences.test(error.message);
}

type DriverFacts = { kind?: unknown; code?: unknown; originalCode?: unknown };

/** Prisma wraps what its adapter says, in two places; the adapter wraps what pg says, or lets it through. */
function factsOf(error: Error): { codes: string[]; kinds: string[] } {
  const { code, cause, meta } = error as {
    code?: unknown;
    cause?: DriverFacts;
    meta?: { driverAdapterError?: { cause?: DriverFacts } };
  };
  const facts = [cause, meta?.driverAdapterError?.cause].filter((fact) => fact !== undefined && fact !== null);
  const isText = (value: unknown): value is string => typeof value === "string";
  return {
    codes: [code, ...facts.flatMap((fact) => [fact.code, fact.originalCode])].filter(isText),
    kinds: facts.map((fact) => fact.kind).filter(isText),
  };
}

/** https://www.prisma.io/docs/orm/reference/error-reference */
const prismaCodes = new Set([
  "P1001" /* not reached */,
  "P1002" /* reached, no answer */,
  "P1008" /* took too long */,
  "P1017" /* closed by the server */,
  "P2024" /* no connection of the pool in time */,
  "P2028" /* a transaction that did not begin, or was closed before its end */,
  "P2034" /* lost against another transaction */,
  "P2037" /* too many connections */,
]);

const driverKinds = new Set([
  "DatabaseNotReachable",
  "ConnectionClosed",
  "SocketTimeout",
  "TooManyConnections",
  "TransactionWriteConflict",
]);

const socketCodes = new Set([
  ...["ECONNREFUSED", "ECONNRESET", "ECONNABORTED", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH", "EHOSTDOWN"],
  ...["ENETUNREACH", "ENETDOWN", "ENOTFOUND", "EAI_AGAIN", "ENOENT"],
]);

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const passingStates = new Set([
  "25006" /* read only: a standby that has not taken over yet */,
  "25P03" /* it stood idle in a transaction */,
  "25P04" /* the transaction took too long */,
  "40001" /* could not be serialised */,
  "40P01" /* a circle of locks */,
  "55P03" /* waited too long for a lock */,
  "57014" /* cancelled, or took too long */,
]);

/** Classes 08 (connection), 53 (too full) and 57P0x (going down, starting, crashed). */
const isPassingState = (code: string): boolean => passingStates.has(code) || /^(08...|53...|57P0.)$/.test(code);

/** Where pg and its pool give no code. */
const sentences = new RegExp(
  [
    "Connection terminated",
    "Client (has encountered a connection error|was closed) and is not queryable",
    "timeout exceeded when trying to connect",
    "Cannot use a pool after calling end",
    "Unable to start a transaction in the given time",
    "PGlite is clos(ed|ing)",
  ].join("|"),
);
