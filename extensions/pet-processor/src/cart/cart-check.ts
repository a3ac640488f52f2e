import { portraitIdKey } from "./cart-properties.ts";

export type CartCheck = {
  /** The form has just left with this portrait: see whether it arrives. */
  expect(portraitId: string): void;
  /** Is this portrait in the cart now? Null where the cart could not be read. */
  holds(portraitId: string): Promise<boolean | null>;
  stop(): void;
};

type Cart = { items?: { properties?: Record<string, unknown> | null }[] };

/** A theme answers in about a second; a slow one gets a second and a third look. After that the add did not work. */
const looksAfterMs = [900, 3000, 8000];

/**
 * Themes add to the cart in a dozen ways and only some tell the page. The cart itself tells the truth in all of them, so
 * it is read a few times after the form left. `fetch` of the page is never wrapped.
 */
export function createCartCheck(cartUrl: string, onArrived: (portraitId: string) => void): CartCheck {
  let timers: number[] = [];

  async function holds(portraitId: string): Promise<boolean | null> {
    try {
      const answer = await fetch(cartUrl, { headers: { accept: "application/json" } });
      const cart = (await answer.json()) as Cart;
      return (cart.items ?? []).some((item) => item.properties?.[portraitIdKey] === portraitId);
    } catch {
      return null;
    }
  }

  function stop(): void {
    timers.forEach(clearTimeout);
    timers = [];
  }

  function expect(portraitId: string): void {
    stop();
    const look = async () => {
      if (!(await holds(portraitId)) || timers.length === 0) return;
      stop();
      onArrived(portraitId);
    };
    timers = looksAfterMs.map((ms) => window.setTimeout(() => void look(), ms));
  }

  return Object.freeze({ expect, holds, stop });
}
