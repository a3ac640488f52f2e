import { AppError } from "#app/kernel/errors.ts";

/** The provider is known to be down, or has no room for us: nothing was tried, nothing was charged. */
export const painterBusy = (retryAtMs: number, message?: string): AppError =>
  new AppError({
    code: "busy",
    kind: "unavailable",
    publicMessage: "Many portraits are being painted right now. Please try again in a moment.",
    retryAtMs,
    ...(message === undefined ? {} : { message }),
  });

export const paintingTookTooLong = (cause: unknown): AppError =>
  new AppError({
    code: "painter_slow",
    kind: "unavailable",
    publicMessage: "Painting took too long. Your portrait was not counted; please try again.",
    cause,
  });
