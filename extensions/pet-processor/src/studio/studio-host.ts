import type { CartChoice } from "../cart/cart-properties.ts";
import type { Remembered } from "../page/remembered.ts";
import type { Sentences, Words } from "../page/words.ts";

/** What the element gives the studio: its place in the page, its settings and its tie to the product form. */
export type StudioHost = {
  element: HTMLElement;
  words: Words;
  remembered: Remembered;
  /** Aborts when the element leaves the page. */
  signal: AbortSignal;
  settings: {
    productId: string;
    blockId: string;
    proxyPath: string;
    styles: string[];
    isRequired: boolean;
    /** Pets together in one picture, at most. */
    mostPets: number;
  };
  inEditor: boolean;
  carry(choice: CartChoice | null): void;
  holds(portraitId: string): Promise<boolean | null>;
  /** One sentence above the frame, with "Try again" where that helps; null takes it away. */
  notice(text: string | null, retry?: () => void): void;
};

/** As the element hands it over: words and settings are made of it by the studio, the first script has no need of them. */
export type StudioPlace = Omit<StudioHost, "words" | "settings"> & { sentences: Sentences };

/** What the element tells the studio, and asks it. */
export type Studio = {
  /** `isBeside`: one more pet, and not another photo of the one in the frame. */
  pick(file: Blob, isBeside?: boolean): void;
  /** What the element's `data-state` has to say. */
  kind(): string;
  /** The sentence that stops the form, or null where it may go. */
  stoppedBy(): string | null;
  submitted(portraitId: string): void;
  arrived(portraitId: string): void;
  /** The page came back from the browser's back/forward cache. */
  returned(): void;
};

/** The second script, loaded when there is something to do. */
export type StudioModule = { openStudio(place: StudioPlace): Studio };
