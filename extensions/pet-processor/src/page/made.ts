const attribute = "data-made";

/**
 * Marks what a script has put into a block, where it stands at the top of its piece: whoever opens another studio in the
 * same element takes it out again, and an element from which a theme has taken it out can be told from one that has it.
 */
export function asMade<Pieces extends readonly Element[]>(pieces: Pieces): Pieces {
  for (const piece of pieces) piece.setAttribute(attribute, "");
  return pieces;
}

/** Back to what came with the page. */
export function takeOutMade(element: Element): void {
  for (const piece of element.querySelectorAll(`[${attribute}]`)) piece.remove();
}
