import type { PortraitJson } from "../../../../app/http/storefront-api.ts";
import { setAll } from "../page/make.ts";
import type { ResultTools } from "./result-stage.ts";

/** Where the print lies on the product's picture, in percent of that picture's width and height. */
export type PrintArea = { image: string; x: number; y: number; width: number; blend: boolean };

/** Reads the merchant's settings off the block's element; null where there is no picture or no area on it. */
export function printAreaOf(data: DOMStringMap): PrintArea | null {
  const [x = 0, y = 0, width = 0] = ["printX", "printY", "printWidth"].map((name) => Number(data[name]) || 0);
  const image = data["printImage"] ?? "";
  const isOnIt = width > 0 && width <= 100 && x >= 0 && x < 100 && y >= 0 && y < 100;
  return image && isOnIt ? { image, x, y, width, blend: data["printBlend"] === "true" } : null;
}

/** The print in the pixels of the product's picture; its height follows from the portrait's shape. */
export function printIn(
  area: PrintArea,
  product: { width: number; height: number },
  art: NonNullable<PortraitJson["image"]>,
) {
  const width = (product.width * area.width) / 100;
  return {
    x: (product.width * area.x) / 100,
    y: (product.height * area.y) / 100,
    width,
    height: (width * art.height) / art.width,
  };
}

export type MockupView = { show(portrait: PortraitJson | null, alt: string): void; reset(): void };

/**
 * The portrait on the merchant's product. Drawn as one SVG: it scales as a whole in every browser, and left stays left
 * also where the page reads from the right.
 */
export function createMockup({ part, signal, settings }: ResultTools): MockupView {
  const drawing = part("mockup");
  const toggle = part("result-on-product");
  const area = printAreaOf(settings);
  let isOn = false;
  let portrait: PortraitJson | null = null;
  /** The product's own pixels; null until it has loaded, and for good where it does not. */
  let product: { width: number; height: number } | null = null;

  function draw(): void {
    const art = portrait?.image ?? null;
    toggle.hidden = !(art && product);
    toggle.setAttribute("aria-pressed", String(isOn));
    drawing.toggleAttribute("hidden", !(art && product && isOn));
    if (!area || !product || !art || !isOn) return;
    drawing.setAttribute("viewBox", `0 0 ${product.width} ${product.height}`);
    const [ground, print] = drawing.querySelectorAll("image");
    if (ground) setAll(ground, { href: area.image, ...product });
    if (print) setAll(print, { href: art.url, ...printIn(area, product, art) });
  }

  function load(from: PrintArea): void {
    const image = new Image();
    image.src = from.image;
    image.decode().then(
      () => ((product = { width: image.naturalWidth, height: image.naturalHeight }), draw()),
      () => {},
    );
  }

  drawing.toggleAttribute("data-blend", area?.blend ?? false);
  toggle.addEventListener("click", () => ((isOn = !isOn), draw()), { signal });
  let isAsked = false;
  return Object.freeze({
    show(next: PortraitJson | null, alt: string) {
      portrait = next;
      drawing.setAttribute("aria-label", alt);
      if (area && next && !isAsked) {
        isAsked = true;
        load(area);
      }
      draw();
    },
    reset() {
      isOn = false;
      draw();
    },
  });
}
