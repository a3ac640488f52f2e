import { linkCart, type CartLink } from "./cart/cart-link.ts";
import { shopifyPage } from "./page/consent.ts";
import { fetchModule } from "./page/fetch-module.ts";
import { fetchSheet } from "./page/fetch-sheet.ts";
import { pageSentences } from "./page/page-sentences.ts";
import { createRemembered, type Remembered } from "./page/remembered.ts";
import { now } from "./page/surroundings.ts";
import type { Sentences, WordsModule } from "./page/words.ts";
import { listenForPhotos } from "./photo/photo-picking.ts";
import type { Studio, StudioModule, StudioPlace } from "./studio/studio-host.ts";

/** Whether this page has opened a studio: a new element of the same block then joins it at once. */
let hasStudio = false;

/**
 * The element of the block, and all that has to be there from the start: taking a photo, holding the product form, and
 * knowing whether there is earlier work. The studio itself is a second script, fetched when there is something to do.
 */
class PetProcessor extends HTMLElement {
  static observedAttributes = ["data-product-id", "data-state", "style"];

  #shelf?: Remembered;
  #leaving = new AbortController();
  #sentences: Sentences = {};
  #cart!: CartLink;
  #studio: Studio | null = null;
  #opening: Promise<Studio | null> | null = null;

  connectedCallback(): void {
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    this.#sentences = pageSentences(this);
    this.#cart = this.#linkCart(signal);
    window.addEventListener("pageshow", (event) => event.persisted && this.#comeBack(), { signal });
    const onPhoto = (file: File, isBeside?: boolean) => void this.#open(file, isBeside);
    listenForPhotos(this, { signal, onPhoto, onInterest: () => void this.#fetchStudio().catch(() => {}) });
    if (hasStudio || this.#inEditor) return void this.#open();
    // The first look at what a browser keeps takes a phone longer than all of this: in a task of its own.
    setTimeout(() => !signal.aborted && this.#hasWork() && void this.#open());
  }

  disconnectedCallback(): void {
    this.#leaving.abort();
    this.#studio = null;
    this.#opening = null;
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === null || before === after || !this.isConnected) return;
    // The page was turned to another product in place: nothing of the first product stays.
    if (name === "data-product-id") return this.#startAgain();
    // A theme that morphs the page leaves our content alone and resets our attributes to the server's.
    if (name === "data-state") this.#keepState();
    // One that morphs our content too has taken out what the studio had put there.
    queueMicrotask(() => this.#studio && !this.querySelector("[data-made]") && this.#startAgain());
  }

  #startAgain(): void {
    this.disconnectedCallback();
    if (this.isConnected) this.connectedCallback();
  }

  #keepState(): void {
    const kind = this.#studio?.kind();
    if (kind && this.dataset["state"] !== kind) this.dataset["state"] = kind;
  }

  async #open(photo?: File, isBeside?: boolean): Promise<void> {
    const { signal } = this.#leaving;
    if (photo && !this.#studio) this.dataset["state"] = "reading";
    const studio = await (this.#opening ??= this.#begin());
    if (signal.aborted) return;
    if (studio) return photo && studio.pick(photo, isBeside);
    this.dataset["state"] = "empty";
    this.#notice(this.#say("error_network"), () => void this.#open(photo));
  }

  /** Null where the second script or its words did not come; the next try asks for them again. */
  async #begin(): Promise<Studio | null> {
    const { signal } = this.#leaving;
    try {
      const [{ openStudio }, words] = await this.#fetchStudio();
      if (signal.aborted) return null;
      hasStudio = true;
      return (this.#studio = openStudio(this.#place(signal, words.default)));
    } catch {
      this.#opening = null;
      return null;
    }
  }

  /** The studio, what it says in the page's language, and what it looks like, at the same time. */
  #fetchStudio(): Promise<[StudioModule, WordsModule, void]> {
    const { studio, words, sheet } = this.dataset;
    return Promise.all([fetchModule<StudioModule>(studio), fetchModule<WordsModule>(words), fetchSheet(sheet)]);
  }

  #place(signal: AbortSignal, words: Sentences): StudioPlace {
    return {
      element: this,
      sentences: { ...words, ...this.#sentences },
      remembered: this.#remembered,
      signal,
      inEditor: this.#inEditor,
      carry: (choice) => this.#cart.carry(choice),
      holds: (portraitId) => this.#cart.holds(portraitId),
      notice: (text, retry) => this.#notice(text, retry),
    };
  }

  #linkCart(signal: AbortSignal): CartLink {
    return linkCart({
      element: this,
      productId: this.dataset["productId"] ?? "",
      cartUrl: this.dataset["cart"] || "/cart.js",
      signal,
      isStopped: () => this.#stopForm(),
      onSubmitted: (portraitId) => this.#studio?.submitted(portraitId),
      onArrived: (portraitId) => this.#studio?.arrived(portraitId),
    });
  }

  /** Says why the form may not go, and takes the shopper to what is missing. */
  #stopForm(): boolean {
    const early = this.#hasWork() ? "stopped_restoring" : this.#isRequired ? "stopped_missing" : null;
    const reason = this.#studio ? this.#studio.stoppedBy() : early && !this.#inEditor ? this.#say(early) : null;
    if (!reason) return false;
    this.#notice(reason);
    const visible = [...this.querySelectorAll<HTMLElement>("[data-next]")].find((one) => one.offsetParent !== null);
    const target = visible ?? this.querySelector<HTMLElement>('[data-part="notice"]');
    target?.setAttribute("aria-describedby", this.querySelector('[data-part="notice-text"]')?.id ?? "");
    target?.focus();
    return true;
  }

  #say(key: string): string {
    return this.#sentences[key] ?? key;
  }

  #notice(text: string | null, retry?: () => void): void {
    const notice = this.querySelector<HTMLElement>('[data-part="notice"]');
    const line = this.querySelector<HTMLElement>('[data-part="notice-text"]');
    const again = this.querySelector<HTMLElement>('[data-part="notice-retry"]');
    if (!notice || !line || !again) return;
    notice.hidden = !text;
    line.textContent = text;
    again.hidden = !retry;
    again.onclick = retry ? () => (this.#notice(null), retry()) : null;
  }

  #comeBack(): void {
    this.#cart.carry(null);
    this.#studio?.returned();
  }

  #hasWork(): boolean {
    return this.#remembered.work(this.dataset["productId"] ?? "") !== null;
  }

  get #remembered(): Remembered {
    return (this.#shelf ??= createRemembered(storage(), now));
  }

  get #inEditor(): boolean {
    return shopifyPage().designMode === true;
  }

  get #isRequired(): boolean {
    return this.dataset["required"] === "true";
  }
}

/** Null where the browser forbids it; reading the property alone can throw. */
function storage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

const define = () => customElements.get("pet-processor") ?? customElements.define("pet-processor", PetProcessor);

// The script is async. It waits for the parser, which may not have come to our own children; and for a frame after that,
// in a task of its own: where a phone is slow, the script is here before anything is painted, and nobody can press what
// nobody sees. A page that lies in the background has no frame until somebody looks at it.
const begin = () => requestAnimationFrame(() => setTimeout(define));
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
else begin();
