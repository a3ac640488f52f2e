import type { PortraitJson } from "../../../../app/http/storefront-api.ts";
import { frameOf, placeOf, viewOf, type Size } from "../crop/crop-geometry.ts";
import type { Pet, StudioState } from "./studio-state.ts";

export type Picture = { url: string; kind: "photo" | "portrait"; pet?: Pet };

/** Whose photo is in the frame and may be cropped there. */
export function petInFrame(state: StudioState): Pet | null {
  if (state.kind !== "choosing" && state.kind !== "blocked") return null;
  return state.pets.find(({ slot }) => slot === state.at) ?? null;
}

/** What stands in the frame: the portrait on show, else a photo as far as this page has it. */
export function pictureOf(state: StudioState): Picture | null {
  switch (state.kind) {
    case "empty":
    case "restoring":
      return null;
    case "reading":
      return state.preview ? { url: state.preview, kind: "photo" } : null;
    case "choosing":
    case "blocked":
      return photo(petInFrame(state)) ?? portrait(state.shown) ?? photo(state.pets[0]);
    case "working":
      return photo(state.pets[0]) ?? portrait(state.shown);
    case "keeping":
      return photo(state.pets[0]);
    case "trouble":
      return pictureOf(state.from);
    case "result":
    case "pending":
    case "added":
      return portrait(state.portrait) ?? photo(state.pets[0]);
  }
}

/** Puts the picture into its layer once it is decoded, so that the frame never flashes empty between two. */
export function showPicture(layer: HTMLElement, picture: Picture | null, alt: string): void {
  const what = picture ? `${picture.url} ${JSON.stringify(picture.pet?.crop ?? null)}` : "";
  if (layer.dataset["what"] === what) {
    layer.querySelector("img:last-of-type")?.setAttribute("alt", alt);
    return;
  }
  layer.dataset["what"] = what;
  if (!picture) return layer.replaceChildren();
  const image = layer.ownerDocument.createElement("img");
  image.alt = alt;
  image.dataset["kind"] = picture.kind;
  image.decoding = "async";
  // Pulled over the frame it would come back as a photo to be painted.
  image.draggable = false;
  image.src = picture.url;
  const isStillWanted = () => layer.dataset["what"] === what;
  const ground = image.cloneNode() as HTMLImageElement;
  ground.alt = "";
  ground.dataset["kind"] = "ground";
  layCrop(image, picture, frameAround(layer));
  // A photo is shown whole; a soft copy of itself fills what its shape leaves free.
  const layers = picture.kind === "photo" ? [ground, image] : [image];
  image.decode().then(
    () => void (isStillWanted() && layer.replaceChildren(...layers)),
    () => void (isStillWanted() && layer.replaceChildren()),
  );
}

/** A photo that rests is seen as it was cropped. */
function layCrop(image: HTMLImageElement, { pet }: Picture, frame: Size): void {
  if (!pet?.crop || !pet.photo.width) return;
  Object.assign(image.style, placeOf(viewOf(pet.crop, pet.photo, frame), pet.photo, frame));
  image.dataset["cropped"] = "";
}

/** The shape of the frame that something lies in. */
export function frameAround(part: Element): Size {
  return frameOf(part.closest<HTMLElement>("[data-ratio]")?.dataset["ratio"] ?? "");
}

function photo(pet: Pet | null | undefined): Picture | null {
  return pet?.photo.preview ? { url: pet.photo.preview, kind: "photo", pet } : null;
}

function portrait(shown: PortraitJson | null): Picture | null {
  return shown?.image ? { url: shown.image.url, kind: "portrait" } : null;
}
