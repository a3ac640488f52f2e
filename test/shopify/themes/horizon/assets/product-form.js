/* The product form of a theme of Horizon's kind: sends the form's data by fetch, then opens the drawer and tells the
 * page with an event that bubbles. */
class ProductFormComponent extends HTMLElement {
  #requests = new AbortController();

  connectedCallback() {
    this.form = this.querySelector("form");
    this.form.addEventListener("submit", (event) => this.#add(event));
  }

  disconnectedCallback() {
    this.#requests.abort();
  }

  async #add(event) {
    event.preventDefault();
    const error = this.querySelector(".product-form-text__error");
    error.hidden = true;
    const drawer = document.querySelector("cart-drawer-component");
    const body = new FormData(this.form);
    body.append("sections", drawer.sections.join(","));
    const headers = { Accept: "application/javascript" };
    const { signal } = this.#requests;
    const answer = await (await fetch("/cart/add", { method: "POST", headers, body, signal })).json();
    if (answer.status !== undefined) {
      error.textContent = answer.description ?? answer.message;
      error.hidden = false;
      return;
    }
    const cart = await (await fetch("/cart.js", { signal })).json();
    drawer.update(answer.sections, cart.item_count);
    const detail = { sourceId: this.id, data: { itemCount: cart.item_count, source: "product-form-component" } };
    this.dispatchEvent(new CustomEvent("cart:update", { bubbles: true, detail }));
  }
}

class QuantitySelector extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      const input = this.querySelector("input");
      if (event.target.name === "plus") input.stepUp();
      if (event.target.name === "minus") input.stepDown();
    });
  }
}

customElements.define("product-form-component", ProductFormComponent);
customElements.define("quantity-selector-component", QuantitySelector);
