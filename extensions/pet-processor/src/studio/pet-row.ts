import type { Words } from "../page/words.ts";
import type { Parts } from "./studio-parts.ts";
import type { Pet, StudioState } from "./studio-state.ts";

export type PetDeed = "show" | "remove";

/** The pets of the picture as small pictures in a row, the one in the frame marked, and the way to add one. */
export function paintPets(parts: Parts, state: StudioState, { words, most }: { words: Words; most: number }): void {
  // While one more photo is read, the others stay where they are.
  const open = state.kind === "reading" ? state.back : state;
  const { pets, at } = "at" in open ? open : { pets: [], at: null };
  const host = parts.get("pets");
  const drawn = pets.map(({ slot, photo }) => `${slot} ${photo.preview}`).join("\n");
  if (host.dataset["drawn"] !== drawn) {
    host.dataset["drawn"] = drawn;
    host.replaceChildren(...pets.map((pet, n) => card(parts, pet, words.number(n + 1), words)));
  }
  for (const button of host.querySelectorAll<HTMLElement>('[data-pet="show"]')) {
    button.setAttribute("aria-pressed", String(Number(button.dataset["slot"]) === at));
  }
  // One at a time: a photo that came while another is read would take its place.
  parts.toggle("add-pet", "at" in state && pets.length < most);
  parts.toggle("pet-row", most > 1);
}

/** Which pet a press is about; null where it is about something else. */
export function petPressed(event: Event): { deed: PetDeed; slot: number } | null {
  const button = (event.target as Element).closest<HTMLElement>("[data-pet]");
  return button && { deed: button.dataset["pet"] as PetDeed, slot: Number(button.dataset["slot"]) };
}

function card(parts: Parts, { slot, photo }: Pet, number: string, words: Words): Node {
  const template = parts.get("pet-card") as HTMLTemplateElement;
  const card = (template.content.firstElementChild as HTMLElement).cloneNode(true) as HTMLElement;
  const names = { show: words.say("pet_show", { number }), remove: words.say("pet_remove", { number }) };
  for (const button of card.querySelectorAll<HTMLElement>("[data-pet]")) {
    button.dataset["slot"] = String(slot);
    button.setAttribute("aria-label", names[button.dataset["pet"] as PetDeed]);
  }
  const image = card.querySelector("img");
  if (photo.preview) image?.setAttribute("src", photo.preview);
  else image?.remove();
  return card;
}
