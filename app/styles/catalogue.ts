import { inkWash } from "./prompts/ink-wash.ts";
import { penAndMarker } from "./prompts/pen-and-marker.ts";
import type { Style } from "./style.ts";

/**
 * The styles that a shopper can choose. A style's prompt stays on the server; its revision goes up whenever the prompt
 * changes, and with it the key of every portrait painted from it.
 */
export const styles: readonly Style[] = Object.freeze([inkWash, penAndMarker]);

/** @returns undefined for a style that there is not */
export function findStyle(id: string): Style | undefined {
  return styles.find((style) => style.id === id);
}
