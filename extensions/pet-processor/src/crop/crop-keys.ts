import type { CropHand } from "./crop-hand.ts";
import type { CropCommand } from "./crop-moves.ts";

type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

const commands = new Map<string, CropCommand>([
  ["+", "in"],
  ["=", "in"],
  ["-", "out"],
  ["_", "out"],
  ["r", "turn"],
  ["0", "whole"],
  ["ArrowLeft", "left"],
  ["ArrowRight", "right"],
  ["ArrowUp", "up"],
  ["ArrowDown", "down"],
]);

/** Null for what belongs to the browser: zooming and reloading the page with Ctrl or ⌘, and all of Alt. */
export function commandOf({ key, ctrlKey, metaKey, altKey, shiftKey }: Pressed): CropCommand | "undo" | null {
  if (altKey) return null;
  const name = key.length === 1 ? key.toLowerCase() : key;
  if (ctrlKey || metaKey) return name === "z" && !shiftKey ? "undo" : null;
  return commands.get(name) ?? null;
}

/** While the stage or one of its buttons has the focus, and nowhere else. */
export function listenToKeys(hand: CropHand, tools: HTMLElement): void {
  function press(event: KeyboardEvent): void {
    const command = commandOf(event);
    const now = hand.now();
    if (!command || !now || event.target instanceof HTMLInputElement) return;
    // Nothing to move: the page scrolls.
    if (event.key.startsWith("Arrow") && !hand.stage.hasAttribute("data-zoomed")) return;
    event.preventDefault();
    hand.command(command, true);
  }
  for (const part of [hand.stage, tools]) part.addEventListener("keydown", press, { signal: hand.signal });
}
