import { AppError } from "#app/kernel/errors.ts";

/** Every way in which a photo is refused, each with what to do about it. */
const refusal = (code: string, kind: "invalid" | "too-large" | "unsupported", publicMessage: string) => (): AppError =>
  new AppError({ code, kind, publicMessage, field: "photo" });

const megabytes = (bytes: number): number => Math.round(bytes / 1_000_000);

export const photoTooLarge = (maxBytes: number): AppError =>
  refusal(
    "photo_too_large",
    "too-large",
    `This photo is larger than ${megabytes(maxBytes)} MB. Please choose a smaller one.`,
  )();
export const photoTooManyPixels = refusal(
  "photo_too_large",
  "invalid",
  "This photo has more than 64 million pixels. Please choose a smaller one.",
);
/** The house is smaller than the photo: less a matter of its pixels than of how they are stored. */
export const photoTooDemanding = refusal(
  "photo_too_large",
  "invalid",
  "This photo needs more memory than we have for it. Please save it as a plain JPEG, or smaller, and choose it again.",
);
export const photoTooSmall = (minSide: number): AppError =>
  refusal("photo_too_small", "invalid", `This photo is too small. Each side should be at least ${minSide} pixels.`)();
export const photoShape = refusal(
  "photo_shape",
  "invalid",
  "This photo is too long and thin. Please choose one closer to a square.",
);
export const photoType = refusal("photo_type", "unsupported", "Please choose a JPEG, PNG, WebP or AVIF photo.");
export const photoHeic = refusal(
  "photo_type",
  "unsupported",
  "This is a HEIC photo, which we cannot read. On an iPhone choose it from the photo library, or send it to yourself as JPEG.",
);
export const photoBroken = refusal(
  "photo_broken",
  "invalid",
  "This photo seems to be damaged. Please choose another one.",
);
export const photoEmpty = refusal("photo_broken", "invalid", "The photo arrived empty. Please choose it once more.");

/** @param cause - where it is not our own count that says so: somebody should look at it */
export const uploadsBusy = (cause?: unknown): AppError =>
  new AppError({
    code: "busy",
    kind: "unavailable",
    publicMessage: "Many photos are arriving at this moment. Please send yours again in a few seconds.",
    message: "no room for another upload",
    report: cause !== undefined,
    cause,
  });

export const uploadTooSlow = (): AppError =>
  new AppError({
    code: "upload_too_slow",
    kind: "invalid",
    publicMessage: "The photo came too slowly. Please try again with a better connection, or choose a smaller one.",
    field: "photo",
  });

export const photoForgotten = (): AppError =>
  new AppError({
    code: "photo_needed",
    kind: "conflict",
    publicMessage: "Your photos were deleted while this one was arriving. Please choose it once more.",
    field: "photo",
  });

export const uploadMissing = (): AppError =>
  new AppError({
    code: "upload_missing",
    kind: "conflict",
    publicMessage: "The photo did not arrive. Please choose it once more.",
    field: "photo_id",
  });

export const photoIdTaken = (cause: unknown): AppError =>
  new AppError({
    code: "photo_needed",
    kind: "conflict",
    publicMessage: "Two photos arrived in the place of one. Please choose yours once more.",
    field: "photo",
    cause,
  });
