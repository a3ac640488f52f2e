declare module "pg/lib/utils.js" {
  /** pg's own conversion of a JavaScript value to what it sends as a parameter: text, null, or a Buffer. */
  export function prepareValue(value: unknown): string | null | Buffer;
}
