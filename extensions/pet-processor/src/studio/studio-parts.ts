/** The marked pieces of the block. A piece that is not there is a mistake of ours and throws. */
export type Parts = {
  get(name: string): HTMLElement;
  /** For pieces that a setting may leave out. */
  find(name: string): HTMLElement | null;
  all<Part extends HTMLElement>(name: string): Part[];
  /** Fills a piece and hides it where there is nothing to say. */
  text(name: string, value: string): void;
  toggle(name: string, isShown: boolean): void;
  showFor(kind: string): void;
  bar(fraction: number, label: string): void;
  say(text: string): void;
  focusHeading(): void;
  bringFrameIntoView(): void;
  onPress(event: Event, act: (action: string) => void): void;
};

export function createParts(element: HTMLElement): Parts {
  const find = (name: string) => element.querySelector<HTMLElement>(`[data-part="${name}"]`);
  const get = (name: string) => {
    const part = find(name);
    if (!part) throw new Error(`The block has no part "${name}".`);
    return part;
  };
  return Object.freeze({
    get,
    find,
    all: <Part extends HTMLElement>(name: string) => [...element.querySelectorAll<Part>(`[data-part="${name}"]`)],
    text(name: string, value: string) {
      const part = get(name);
      if (part.textContent !== value) part.textContent = value;
      part.hidden = value === "";
    },
    toggle: (name: string, isShown: boolean) => void (get(name).hidden = !isShown),
    showFor: (kind: string) => showFor(element, kind),
    bar(fraction: number, label: string) {
      const bar = get("bar");
      bar.style.setProperty("--fraction", fraction.toFixed(3));
      bar.setAttribute("aria-valuenow", String(Math.round(fraction * 100)));
      bar.setAttribute("aria-valuetext", label);
    },
    say: (text: string) => void (text && (get("live").textContent = text)),
    focusHeading: () => visibleHeading(element)?.focus({ preventScroll: true }),
    bringFrameIntoView: () => get("frame").scrollIntoView({ block: "nearest" }),
    onPress(event: Event, act: (action: string) => void) {
      const button = (event.target as Element).closest<HTMLElement>("[data-do]");
      if (button?.dataset["do"] && button.dataset["do"] !== "choose") act(button.dataset["do"]);
    },
  });
}

/** Shows what belongs to the state. What lies inside a panel that is not shown keeps its place, so that nothing moves. */
function showFor(element: HTMLElement, kind: string): void {
  element.dataset["state"] = kind;
  const belongs = (part: HTMLElement) => (part.dataset["in"] ?? "").split(" ").includes(kind);
  const panels = [...element.querySelectorAll<HTMLElement>("[data-in]")];
  for (const part of panels) {
    const panel = part.parentElement?.closest<HTMLElement>("[data-in]");
    if (!panel || belongs(panel)) part.hidden = !belongs(part);
  }
}

function visibleHeading(element: HTMLElement): HTMLElement | undefined {
  const headings = [...element.querySelectorAll<HTMLElement>("[data-heading]")];
  return headings.find((heading) => !heading.closest("[hidden]"));
}
