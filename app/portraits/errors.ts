import { AppError } from "#app/kernel/errors.ts";

export const photoNeeded = (): AppError =>
  new AppError({
    code: "photo_needed",
    kind: "conflict",
    publicMessage: "Please choose the photo once more.",
    field: "photos",
  });

export const styleUnknown = (): AppError =>
  new AppError({
    code: "style_unknown",
    kind: "invalid",
    publicMessage: "This style is not offered. Please choose another one.",
    field: "style",
  });

export const portraitNotFound = (): AppError =>
  new AppError({ code: "not_found", kind: "not-found", publicMessage: "We do not have this portrait any more." });

/** The model that was chosen for it is no longer offered; another wish chooses another. */
export const painterGone = (model: string): AppError =>
  new AppError({
    code: "painter_gone",
    kind: "unavailable",
    publicMessage: "This portrait could not be painted and was not counted. Please try again.",
    message: `the model ${model} is not offered any more`,
  });

/** The day's money is kept for pictures that nobody has yet. */
export const noNewTakesToday = (retryAtMs: number): AppError =>
  new AppError({
    code: "budget_spent",
    kind: "unavailable",
    publicMessage: "No more versions can be painted today. You can order this one now, or another one for later.",
    retryAtMs,
  });

/** More portraits wait than can be painted in a while: a new one would only wait longer. */
export const tooManyWait = (retryAtMs: number): AppError =>
  new AppError({
    code: "busy",
    kind: "unavailable",
    publicMessage: "Many portraits are being painted right now. Please try again in a moment.",
    message: "the queue is full",
    retryAtMs,
  });

/** Ends a making; nobody is left to read it. */
export const nobodyWaits = (): AppError =>
  new AppError({ code: "cancelled", kind: "not-found", publicMessage: "This portrait was cancelled." });
