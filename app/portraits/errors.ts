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

export const paintingTookTooLong = (cause: unknown): AppError =>
  new AppError({
    code: "painter_slow",
    kind: "unavailable",
    publicMessage: "Painting took too long. Your portrait was not counted; please try again.",
    cause,
  });

/** Ends a making; nobody is left to read it. */
export const nobodyWaits = (): AppError =>
  new AppError({ code: "cancelled", kind: "not-found", publicMessage: "This portrait was cancelled." });
