import type { PortraitJson } from "../../../app/http/storefront-api.ts";
import type { StudioState } from "./studio-state.ts";

export type Picture = { url: string; kind: "photo" | "portrait" };

/** What stands in the frame: the portrait on show, else the photo as far as this page has it. */
export function pictureOf(state: StudioState): Picture | null {
  switch (state.kind) {
    case "empty":
    case "restoring":
      return null;
    case "reading":
      return photo(state.preview);
    case "choosing":
    case "blocked":
      return portrait(state.shown) ?? photo(state.photo.preview);
    case "working":
      return photo(state.photo.preview) ?? portrait(state.shown);
    case "keeping":
      return photo(state.photo.preview);
    case "trouble":
      return pictureOf(state.from);
    case "result":
    case "pending":
    case "added":
      return portrait(state.portrait) ?? photo(state.photo.preview);
  }
}

/** Puts the picture into its layer once it is decoded, so that the frame never flashes empty between two. */
export function showPicture(layer: HTMLElement, picture: Picture | null, alt: string): void {
  if (layer.dataset["url"] === (picture?.url ?? "")) {
    layer.querySelector("img")?.setAttribute("alt", alt);
    return;
  }
  layer.dataset["url"] = picture?.url ?? "";
  if (!picture) return layer.replaceChildren();
  const image = layer.ownerDocument.createElement("img");
  image.alt = alt;
  image.dataset["kind"] = picture.kind;
  image.decoding = "async";
  image.src = picture.url;
  const isStillWanted = () => layer.dataset["url"] === picture.url;
  const ground = image.cloneNode() as HTMLImageElement;
  ground.alt = "";
  ground.dataset["kind"] = "ground";
  // A photo is shown whole; a soft copy of itself fills what its shape leaves free.
  const layers = picture.kind === "photo" ? [ground, image] : [image];
  image.decode().then(
    () => void (isStillWanted() && layer.replaceChildren(...layers)),
    () => void (isStillWanted() && layer.replaceChildren()),
  );
}

function photo(url: string | null): Picture | null {
  return url ? { url, kind: "photo" } : null;
}

function portrait(shown: PortraitJson | null): Picture | null {
  return shown?.image ? { url: shown.image.url, kind: "portrait" } : null;
}
