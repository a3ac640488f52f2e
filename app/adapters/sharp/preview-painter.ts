import { createHash } from "node:crypto";
import { AppError } from "#app/kernel/errors.ts";
import type { Painter, PaintRequest } from "#app/painters/painter.ts";
import type { PaintAnswer, PreviewStyle } from "./pixel-jobs.ts";
import type { PixelWorkers } from "./pixel-workers.ts";

/** The largest picture in pixels that is painted, and the most pets in one: what keeps a thread's memory bounded. */
const mostPixels = 2048 * 2560;
const leastSide = 64;
const mostPets = 3;

/**
 * Paints previews with our own hand, offline and for nothing. They show what a style is like and are labelled as what they
 * are; they are not a model's work.
 */
export function createPreviewPainter(workers: PixelWorkers): Painter {
  return Object.freeze({
    kind: "preview",
    model: "preview-1",
    paint: async (request) => {
      const { pets, size, take, signal } = checked(request);
      const style = previewStyle(request.style.id);
      const seed = seedOf(request, style);
      const answer = await workers.paint({ pets, style, size, seed, take }, { signal });
      const usage = { tokens: null, finishReason: null, providerRequestId: null };
      return { image: finished(answer), usage };
    },
  } satisfies Painter);
}

const styles: readonly string[] = ["ink_wash", "pen_and_marker"] satisfies PreviewStyle[];

function previewStyle(id: string): PreviewStyle {
  if (styles.includes(id)) return id as PreviewStyle;
  throw new AppError({
    code: "style_unknown",
    kind: "invalid",
    publicMessage: "This style cannot be previewed. Please choose another one.",
    message: `the preview painter has no style ${id}`,
    field: "style",
  });
}

function checked(request: PaintRequest): PaintRequest {
  const { width, height } = request.size;
  const whole = Number.isInteger(width) && Number.isInteger(height) && Math.min(width, height) >= leastSide;
  if (!whole || width * height > mostPixels) throw outOfBounds("size", `cannot paint ${width} × ${height}`);
  const count = request.pets.length;
  if (count < 1 || count > mostPets) throw outOfBounds("photos", `cannot paint ${count} pets`);
  return request;
}

function outOfBounds(field: string, message: string): AppError {
  return new AppError({
    code: "portrait_invalid",
    kind: "invalid",
    publicMessage: "This portrait cannot be painted.",
    message,
    field,
  });
}

/** The same pets, style and take always roll the same dice. */
function seedOf({ pets, style, take }: PaintRequest, name: PreviewStyle): number {
  const hash = createHash("sha256").update(`${name} ${style.revision} ${take}`);
  for (const pet of pets) hash.update(createHash("sha256").update(pet.image).digest());
  return hash.digest().readUInt32LE(0);
}

function finished(answer: PaintAnswer): Buffer {
  if (answer.done) return Buffer.from(answer.image);
  throw new AppError({
    code: "photo_broken",
    kind: "invalid",
    publicMessage: "We could not find a pet in this photo. Please try another one.",
    message: `the preview painter was given a cutout that is ${answer.why}`,
  });
}
