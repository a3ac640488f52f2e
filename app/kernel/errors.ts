/**
 * One family for everything that can go wrong in the house. It belongs here when a door can answer it; what an SDK throws
 * is translated by its adapter and kept as `cause`. An error carries what happened (`message`, for us), what a shopper may
 * read (`publicMessage`), how it is answered (`kind`) and whether somebody should look at it (`report`).
 */
export type ErrorKind =
  | "unsigned" /** the request does not prove where it comes from */
  | "invalid" /** the visitor can mend it */
  | "too-large"
  | "unsupported"
  | "not-found"
  | "conflict"
  | "exhausted" /** a quota; comes back at `retryAt` */
  | "unavailable" /** ours or a provider's trouble; worth another try */
  | "bug";

export type AppErrorFacts = {
  code: string;
  kind: ErrorKind;
  publicMessage: string;
  /** For the log; the public message where there is nothing to add. */
  message?: string;
  /** When it is worth trying again, milliseconds since the epoch. */
  retryAtMs?: number;
  /** The part of the request that is at fault, for a form to point at. */
  field?: string;
  report?: boolean;
  cause?: unknown;
};

/** The doors come to the process in Remix's bundle, and bring a copy of this file with them (decision 004). */
const mark: unique symbol = Symbol.for("pet-portraits.AppError");

export class AppError extends Error {
  readonly [mark] = true;
  override readonly name = "AppError";
  readonly code: string;
  readonly kind: ErrorKind;
  readonly publicMessage: string;
  readonly retryAtMs: number | undefined;
  readonly field: string | undefined;
  readonly report: boolean;

  constructor(facts: AppErrorFacts) {
    super(facts.message ?? facts.publicMessage, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = facts.code;
    this.kind = facts.kind;
    this.publicMessage = facts.publicMessage;
    this.retryAtMs = facts.retryAtMs;
    this.field = facts.field;
    this.report = facts.report ?? facts.kind === "bug";
  }
}

/**
 * Whether this is one of the house's own errors, whichever copy of the class made it: `instanceof` says no to what the
 * services throw where a door asks, and a refusal would be answered as a fault of ours.
 */
export function isAppError(error: unknown): error is AppError {
  return error instanceof Error && mark in error;
}

/**
 * The database did not answer. Nobody knows whether what was asked was done; all writes are named by who asks, so that
 * asking again is safe.
 */
export class RecordsAway extends AppError {
  constructor(cause: unknown, message: string) {
    super({
      code: "busy",
      kind: "unavailable",
      publicMessage: "We cannot reach our records just now. Please try again in a moment.",
      message,
      cause,
    });
  }
}

/** The sentence of an error that a shopper may read. Anything that is not an {@link AppError} is ours to hide. */
export function asAppError(error: unknown): AppError {
  if (isAppError(error)) return error;
  return new AppError({
    code: "broken",
    kind: "bug",
    publicMessage: "Something went wrong on our side. Please try again in a moment.",
    message: error instanceof Error ? error.message : String(error),
    cause: error,
  });
}
