import { noteMaxLength } from "../cart/cart-properties.ts";
import type { Words } from "../page/words.ts";
import type { Parts } from "./studio-parts.ts";

/** What the shopper writes beside the picture: a name for each pet, and a note. Where a setting leaves them out, nothing. */
export type OrderWords = { petNames: string[]; note: string };

export function paintOrderWords(parts: Parts, { petNames, note }: OrderWords, words: Words): void {
  const fields = parts.all<HTMLInputElement>("pet-name");
  fields.forEach((field, n) => {
    const name = petNames[n];
    const row = field.closest("label");
    if (row) row.hidden = name === undefined;
    const label = row?.querySelector("span");
    if (label && petNames.length > 1) label.textContent = words.say("pet_name_of", { number: words.number(n + 1) });
    else if (label) label.textContent = words.say("pet_name");
    if (name !== undefined && field.value !== name) field.value = name;
  });
  const text = parts.find("note") as HTMLTextAreaElement | null;
  if (!text) return;
  if (text.value !== note) text.value = note;
  const left = noteMaxLength - [...note].length;
  parts.text("note-left", words.say("note_left", { number: words.number(Math.max(0, left)) }));
}

export function listenForOrderWords(
  parts: Parts,
  on: { signal: AbortSignal; onPetName(at: number, name: string): void; onNote(note: string): void },
): void {
  const { signal } = on;
  parts.all<HTMLInputElement>("pet-name").forEach((field, n) => {
    field.addEventListener("input", () => on.onPetName(n, field.value), { signal });
  });
  const text = parts.find("note") as HTMLTextAreaElement | null;
  text?.addEventListener("input", () => on.onNote(text.value), { signal });
}
