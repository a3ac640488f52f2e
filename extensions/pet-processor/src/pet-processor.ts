import type { CartLink } from "./cart-link.ts";
import { linkCart } from "./cart-link.ts";
import { shopifyPage } from "./consent.ts";
import { listenForPhotos } from "./photo-picking.ts";
import { createRemembered } from "./remembered.ts";
import type { Studio, StudioHost, StudioModule } from "./studio-host.ts";
import { readWords, type Words } from "./words.ts";

/**
 * The element of the block, and all that has to be there from the start: taking a photo, holding the product form, and
 * knowing whether there is earlier work. The studio itself is a second script, fetched when there is something to do.
 */
class PetProcessor extends HTMLElement {
  static observedAttributes = ["data-product-id"];

  #leaving = new AbortController();
  #cart: CartLink | null = null;
  #words: Words | null = null;
  #studio: Studio | null = null;
  #opening: Promise<Studio | null> | null = null;
  #failures = 0;
  #remembered = createRemembered(storage(), () => Date.now());

  connectedCallback(): void {
    this.#leaving = new AbortController();
    this.#words = readWords(this, this.dataset["lang"] || this.ownerDocument.documentElement.lang || "en");
    this.#cart = this.#linkCart();
    const { signal } = this.#leaving;
    listenForPhotos(this, { signal, onPhoto: (file) => void this.#open(file), onInterest: () => void import(this.#studioUrl()).catch(() => {}) });
    window.addEventListener("pageshow", (event) => event.persisted && this.#comeBack(), { signal });
    this.style.setProperty("--pet-ground", groundOf(this));
    if (this.#inEditor() || this.#hasWork() || this.ownerDocument.documentElement.dataset["petStudio"]) void this.#open();
  }

  disconnectedCallback(): void {
    this.#leaving.abort();
    this.#studio = null;
    this.#opening = null;
  }

  /** A theme may turn the page to another product in place: nothing of the first product stays. */
  attributeChangedCallback(_: string, before: string | null, after: string | null): void {
    if (before === null || before === after || !this.isConnected) return;
    this.disconnectedCallback();
    this.connectedCallback();
  }

  /** Loads the studio once, and hands it the photo that the shopper may have picked before it was there. */
  async #open(photo?: File): Promise<void> {
    if (photo && !this.#studio) this.dataset["state"] = "reading";
    const leaving = this.#leaving;
    const studio = await (this.#opening ??= this.#load());
    if (leaving.signal.aborted) return;
    if (studio && photo) return studio.pick(photo);
    if (studio) return;
    this.dataset["state"] = "empty";
    this.#notice(this.#words?.say("error_network") ?? "", () => void this.#open(photo));
  }
}
