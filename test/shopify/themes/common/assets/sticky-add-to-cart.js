/* A bar at the bottom of the page, shown while the form's own button is out of sight. Its button belongs to the form by
 * `form=`, so a press is an ordinary submit of that form with this button as its submitter. */
class StickyAddToCart extends HTMLElement {
  #observer = new IntersectionObserver(([entry]) => {
    this.hidden = entry.isIntersecting || entry.boundingClientRect.top > 0;
  });
  #changes = new MutationObserver(() => this.#watch());

  connectedCallback() {
    this.#watch();
    // The info column is replaced on a variant change in some themes: the button to watch is then another one.
    const section = this.closest(".shopify-section");
    if (section) this.#changes.observe(section, { childList: true, subtree: true });
  }

  disconnectedCallback() {
    this.#observer.disconnect();
    this.#changes.disconnect();
  }

  #watch() {
    const button = document.getElementById(this.dataset.form ?? "")?.querySelector("[name=add]");
    if (button === this.watched) return;
    this.#observer.disconnect();
    this.watched = button;
    if (button) this.#observer.observe(button);
  }
}

customElements.define("sticky-add-to-cart", StickyAddToCart);
