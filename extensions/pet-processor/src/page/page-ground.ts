/**
 * The colour that the element lies on. Themes name it in ways that cannot be relied on, so it is read from what the page
 * really paints; text over a picture gets this colour behind it and stays legible in every scheme.
 */
export function groundOf(element: Element): string {
  for (let at: Element | null = element; at; at = at.parentElement) {
    const { backgroundColor } = getComputedStyle(at);
    if (backgroundColor && !/^transparent$|[,/]\s*0(\.0+)?\)$/.test(backgroundColor)) return backgroundColor;
  }
  return "Canvas";
}
