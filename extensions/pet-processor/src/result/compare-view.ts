import { followFinger } from "./compare-finger.ts";
import { clipOf, splitAt } from "./compare-split.ts";
import type { Before, ResultTools } from "./result-stage.ts";

export type CompareView = { show(before: Before | null): void };

/**
 * The photo over the portrait, up to a line that the shopper moves. The control is a real slider that lies over the whole
 * frame: keyboard, mouse and screen reader are the browser's own, and fingers are followed by us.
 */
export function createCompare({ part, words, signal }: ResultTools): CompareView {
  const layer = part("compare");
  const photo = part("compare-photo");
  const slider = part("compare-slider") as HTMLInputElement;
  const isRtl = () => getComputedStyle(layer).direction === "rtl";
  let url = "";
  let share = 0;

  function place(next: number): void {
    share = next;
    slider.value = String(share);
    slider.setAttribute(
      "aria-valuetext",
      words.say("result_compare_value", { photo: words.percent(share), portrait: words.percent(100 - share) }),
    );
    photo.style.clipPath = clipOf({ photo: share, isRtl: isRtl() });
    layer.style.setProperty("--at", `${share}%`);
    layer.toggleAttribute("data-at-rest", share === 0);
  }

  const finger = followFinger(slider, {
    signal,
    point: (clientX) => place(splitAt(clientX, slider.getBoundingClientRect(), isRtl())),
  });
  slider.addEventListener("input", () => place(finger.isUndecided() ? share : Number(slider.value)), { signal });

  return Object.freeze({
    show(before: Before | null) {
      if (before?.url === url) return pin(photo, before);
      url = before?.url ?? "";
      layer.hidden = true;
      photo.replaceChildren();
      if (!before) return;
      const images = picturesOf(before, layer.ownerDocument);
      photo.append(...images);
      pin(photo, before);
      place(0);
      // A photo that cannot be shown any more leaves the portrait alone, without a word.
      images[0]?.decode().then(
        () => void (url === before.url && (layer.hidden = false)),
        () => {},
      );
    },
  });
}

/** The photo, and a soft copy of itself for what its shape or its turn leaves free. */
function picturesOf({ url }: Before, document: Document): HTMLImageElement[] {
  const image = document.createElement("img");
  image.alt = "";
  image.draggable = false;
  image.src = url;
  const ground = image.cloneNode() as HTMLImageElement;
  ground.dataset["kind"] = "ground";
  return [image, ground];
}

function pin(photo: HTMLElement, { place }: Before): void {
  const image = photo.firstElementChild as HTMLImageElement;
  image.style.width = place?.width ?? "";
  image.style.height = place?.height ?? "";
  image.style.transform = place?.transform ?? "";
  image.toggleAttribute("data-placed", place !== null);
}
