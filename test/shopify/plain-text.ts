/** A value from outside as text; what is no text, number or truth is empty, and not `[object Object]`. */
export function plainText(value: unknown): string {
  return ["string", "number", "boolean"].includes(typeof value) ? String(value) : "";
}
