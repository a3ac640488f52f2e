/**
 * Keeps on the element, as `--pet-ground`, the colour that it lies on: text over a picture gets it behind it and stays legible
 * in every scheme. Themes name their colours in ways that cannot be relied on, so it is read from what the page really paints;
 * a theme that morphs the page takes the attribute back, and then it is read again.
 *
 * Read once the page is laid out, and before it is painted: asked for earlier, the colour would have the browser style the
 * whole page at once, in the middle of our start.
 */
export function keepGround(element: HTMLElement, signal: AbortSignal): void {
  const read = () => {
    if (!element.style.getPropertyValue("--pet-ground")) element.style.setProperty("--pet-ground", groundOf(element));
  };
  const laidOut = new ResizeObserver(() => (laidOut.disconnect(), read()));
  const morphed = new MutationObserver(read);
  laidOut.observe(element);
  morphed.observe(element, { attributeFilter: ["style"] });
  signal.addEventListener("abort", () => (laidOut.disconnect(), morphed.disconnect()));
}

function groundOf(element: Element): string {
  for (let at: Element | null = element; at; at = at.parentElement) {
    const { backgroundColor } = getComputedStyle(at);
    if (backgroundColor && !/^transparent$|[,/]\s*0(\.0+)?\)$/.test(backgroundColor)) return backgroundColor;
  }
  return "Canvas";
}
