import type { PortraitJson } from "../../../../app/http/storefront-api.ts";
import type { RememberedWork } from "../page/remembered.ts";
import type { Pet, StudioState } from "./studio-state.ts";

/** What a state means to those around it: the product form, the fields for names, the next visit. */

export function petsOf(state: StudioState): Pet[] {
  if ("pets" in state) return state.pets;
  return state.kind === "trouble" ? petsOf(state.from) : [];
}

/** Whose names are asked for; one where it is not known any more of how many pets it is. */
export function slotsOf(state: StudioState): number[] {
  const slots = petsOf(state).map(({ slot }) => slot);
  return slots.length > 0 ? slots : [1];
}

/** The portrait that the product form may carry: the one on show, and only where it is ready or kept for the order. */
export function portraitForCart(state: StudioState): PortraitJson | null {
  if (state.kind === "result" || state.kind === "pending") return state.portrait;
  if (state.kind === "choosing" || state.kind === "blocked") return state.shown;
  if (state.kind === "trouble" && state.from.kind === "working") return state.from.shown;
  return null;
}

/** What the next visit should find again: the portrait on show or under way, or the wish for one that has no answer yet. */
export function workIn(state: StudioState): Omit<RememberedWork, "atMs"> | null {
  const pets = petsOf(state).map(({ photo, crop }) => ({ photoId: photo.id, sourceSha256: photo.sourceSha256, crop }));
  if (state.kind === "keeping" || (state.kind === "working" && !state.portrait)) {
    const { style, take, kind } = state;
    return { portraitId: null, wish: { style, take, pending: kind === "keeping" }, pets };
  }
  const portrait = state.kind === "working" || state.kind === "added" ? state.portrait : portraitForCart(state);
  return portrait && { portraitId: portrait.id, pets };
}
