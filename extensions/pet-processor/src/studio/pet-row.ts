import { button, icon, make } from "../page/make.ts";
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
    host.replaceChildren(...pets.map((pet, n) => card(pet, words.number(n + 1), words)));
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

function card({ slot, photo }: Pet, number: string, words: Words): Node {
  const press = (deed: PetDeed, classes: string, content: Node | string) =>
    button(
      classes,
      { "data-pet": deed, "data-slot": slot, "aria-label": words.say(`pet_${deed}`, { number }) },
      content,
    );
  const face = photo.preview ? make("img", "", { alt: "", width: 56, height: 56, src: photo.preview }) : "";
  return make(
    "span",
    "pet",
    {},
    press("show", "face", face),
    press("remove", "remove", icon("m7 7 10 10M17 7 7 17", 16)),
  );
}
