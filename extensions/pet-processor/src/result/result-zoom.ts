import type { PortraitJson } from "../../../../app/http/storefront-api.ts";
import { followHand } from "./result-hand.ts";
import {
  closest,
  fitted,
  magnifiedAt,
  moved,
  whole,
  within,
  type Box,
  type Magnified,
  type Point,
} from "./result-magnify.ts";
import type { ResultTools } from "./result-stage.ts";

export type ZoomView = { show(portrait: PortraitJson | null, alt: string): void };

/** A look from near: the portrait over the whole window, one to four times its size there. */
export function createZoom(tools: ResultTools): ZoomView {
  const { part, signal } = tools;
  const opener = part("zoom-open");
  const dialog = part("zoom") as HTMLDialogElement;
  const stage = part("zoom-stage");
  const picture = document.createElement("img");
  picture.draggable = false;
  stage.replaceChildren(picture);
  let now = whole;
  let art: Box = { width: 1, height: 1 };
  const view = (): Box => ({ width: stage.clientWidth, height: stage.clientHeight });
  const size = () => fitted(art, view());
  const lay = (next: Magnified) => layPicture(tools, picture, { now: (now = next), size: size() });
  const middle: Point = { x: 0, y: 0 };
  const magnify = (by: number, point: Point) => lay(magnifiedAt(now, by, point, size(), view()));
  const move = (by: Point) => lay(moved(now, by, size(), view()));

  let letGo = () => {};
  function open(): void {
    letGo = stillPage(dialog.ownerDocument.documentElement);
    dialog.showModal();
    lay(whole);
    part("zoom-close").focus();
  }

  opener.addEventListener("click", open, { signal });
  dialog.addEventListener("close", () => (letGo(), opener.focus()), { signal });
  // An element that leaves the page takes its dialog along, without a word.
  signal.addEventListener("abort", () => letGo(), { once: true });
  const press = (name: string, act: () => void) => part(name).addEventListener("click", act, { signal });
  press("zoom-close", () => dialog.close());
  press("zoom-in", () => magnify(step, middle));
  press("zoom-out", () => magnify(1 / step, middle));
  dialog.addEventListener("keydown", (event) => onKey(event, { magnify, move, lay, view }), { signal });
  followHand(stage, { signal, magnify, move, twice: (point) => magnify(now.scale > 1 ? 0 : 2.5, point) });
  window.addEventListener("resize", () => dialog.open && lay(within(now, size(), view())), { signal });

  return Object.freeze({
    show(portrait: PortraitJson | null, alt: string) {
      const image = portrait?.image ?? null;
      opener.hidden = image === null;
      picture.alt = alt;
      if (!image) return dialog.close();
      art = image;
      if (picture.getAttribute("src") !== image.url) picture.src = image.url;
      if (dialog.open) lay(whole);
    },
  });
}

function layPicture(
  { part, words }: ResultTools,
  picture: HTMLElement,
  { now, size }: { now: Magnified; size: Box },
): void {
  const { scale, x, y } = now;
  picture.style.width = `${size.width}px`;
  picture.style.height = `${size.height}px`;
  picture.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
  part("zoom-level").textContent = words.percent(Math.round(scale * 100));
  part("zoom-out").setAttribute("aria-disabled", String(scale <= 1));
  part("zoom-in").setAttribute("aria-disabled", String(scale >= closest));
  part("zoom-stage").toggleAttribute("data-near", scale > 1);
}

const step = 1.5;
const arrows: Record<string, Point> = {
  ArrowLeft: { x: 1, y: 0 },
  ArrowRight: { x: -1, y: 0 },
  ArrowUp: { x: 0, y: 1 },
  ArrowDown: { x: 0, y: -1 },
};

type Keyed = {
  magnify(by: number, point: Point): void;
  move(by: Point): void;
  lay(next: Magnified): void;
  view(): Box;
};

/** `+`, `−` and `0` with or without shift, and the arrows; what the browser does with ctrl or command stays its own. */
function onKey(event: KeyboardEvent, { magnify, move, lay, view }: Keyed): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const arrow = arrows[event.key];
  const { width, height } = view();
  if (arrow) move({ x: (arrow.x * width) / 8, y: (arrow.y * height) / 8 });
  else if (event.key === "+" || event.key === "=") magnify(step, { x: 0, y: 0 });
  else if (event.key === "-" || event.key === "_") magnify(1 / step, { x: 0, y: 0 });
  else if (event.key === "0") lay(whole);
  else return;
  event.preventDefault();
}

/** While the dialog is open the page behind it does not scroll, and does not jump when its scroll bar goes. */
function stillPage(root: HTMLElement): () => void {
  const { overflow, paddingInlineEnd } = root.style;
  root.style.paddingInlineEnd = `${innerWidth - root.clientWidth}px`;
  root.style.overflow = "hidden";
  return () => Object.assign(root.style, { overflow, paddingInlineEnd });
}
