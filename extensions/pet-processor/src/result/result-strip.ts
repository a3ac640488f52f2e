import type { PortraitJson } from "../../../../app/http/storefront-api.ts";
import { button, make } from "../page/make.ts";
import { earlierName, earlierPortraits } from "./result-earlier.ts";
import type { ResultModel, ResultOptions, ResultTools } from "./result-stage.ts";

export type StripView = {
  show(model: ResultModel | null): void;
  refresh(): void;
  /** Opens the strip, where the page may move: the shopper has just pressed something. */
  open(): void;
  /** Everything is gone from the server. */
  clear(): void;
};

type Own = Pick<ResultOptions, "client" | "onPick">;

/**
 * The shopper's portraits in a row, behind a button in a row that is there anyway. The list comes when it comes, and the
 * product form below must not jump for it; so the strip itself opens only by something that the shopper does.
 */
export function createStrip(tools: ResultTools, { client, onPick }: Own): StripView {
  const { part, signal } = tools;
  const row = part("result-strip-row");
  const strip: Strip = { listed: [], model: null, isOpen: false };
  const draw = () => drawStrip(tools, strip);
  let asked = 0;

  async function ask(): Promise<void> {
    const mine = (asked += 1);
    // Without the list there is no strip: nothing that the shopper has to be told.
    const answered = await client.portraits(signal).catch(() => null);
    if (!answered || signal.aborted || mine !== asked) return;
    strip.listed = answered;
    draw();
  }

  function pick(event: Event): void {
    const id = (event.target as Element).closest("button")?.dataset["id"];
    const chosen = portraitsOf(strip).find((portrait) => portrait.id === id);
    if (chosen && chosen.id !== strip.model?.portrait?.id) onPick(chosen);
  }

  part("result-earlier").addEventListener("click", () => ((strip.isOpen = !strip.isOpen), draw()), { signal });
  row.addEventListener("click", pick, { signal });
  return Object.freeze({
    show(model: ResultModel | null) {
      strip.model = model;
      const shown = model?.portrait;
      if (shown && !strip.listed.some(({ id }) => id === shown.id)) strip.listed = [shown, ...strip.listed];
      if (model && asked === 0) void ask();
      draw();
    },
    refresh: () => void ask(),
    open() {
      strip.isOpen = true;
      draw();
    },
    clear() {
      asked += 1;
      Object.assign(strip, { listed: [], isOpen: false });
      draw();
    },
  });
}

type Strip = { listed: PortraitJson[]; model: ResultModel | null; isOpen: boolean };

const portraitsOf = ({ listed, model }: Strip) => (model ? earlierPortraits(listed, model.portrait) : []);

function drawStrip({ part, words }: ResultTools, strip: Strip): void {
  const portraits = portraitsOf(strip);
  const { model, isOpen } = strip;
  part("result-earlier").hidden = portraits.length === 0;
  part("result-earlier").setAttribute("aria-expanded", String(isOpen));
  part("result-strip").hidden = portraits.length === 0 || !isOpen;
  if (!model || portraits.length === 0 || !isOpen) return;
  fillRow(part("result-strip-row"), portraits, (portrait) => ({
    name: earlierName(portrait, model.styleNames, words),
    isCurrent: portrait.id === model.portrait?.id,
  }));
}

/** Buttons stay the same elements as long as their portraits do, so that focus and place in the row are kept. */
function fillRow(
  row: HTMLElement,
  portraits: PortraitJson[],
  about: (portrait: PortraitJson) => { name: string; isCurrent: boolean },
): void {
  const drawn = new Map([...row.querySelectorAll("li")].map((item) => [item.dataset["id"], item]));
  const items = portraits.map((portrait) => drawn.get(portrait.id) ?? itemFor(portrait));
  const isSame = items.length === drawn.size && items.every((item, at) => item === [...drawn.values()][at]);
  if (!isSame) row.replaceChildren(...items);
  for (const [at, portrait] of portraits.entries()) {
    const { name, isCurrent } = about(portrait);
    const button = items[at]?.querySelector("button");
    button?.setAttribute("aria-label", name);
    if (isCurrent) button?.setAttribute("aria-current", "true");
    else button?.removeAttribute("aria-current");
  }
}

function itemFor({ id, image }: PortraitJson): HTMLElement {
  const picture = make("img", "", { alt: "", loading: "lazy", decoding: "async", width: 64, height: 80 });
  const item = make("li", "", { "data-id": id }, button("thumb", { "data-id": id }, picture));
  // A picture that is gone leaves a button that would show nothing.
  picture.addEventListener("error", () => (item.hidden = true));
  picture.src = image?.url ?? "";
  return item;
}
