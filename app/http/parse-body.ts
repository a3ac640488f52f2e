import type { z } from "zod";
import { AppError } from "#app/kernel/errors.ts";

/** @throws AppError `body_invalid` naming the field that is at fault */
export function parseBody<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError({
    code: "body_invalid",
    kind: "invalid",
    publicMessage: "This request is not complete. Please start once more.",
    message: issue?.message ?? "invalid body",
    field: issue?.path.join(".") || "body",
  });
}
