/* The product form of a theme of Dawn's kind: it takes over the form's submit, sends the form's data (and that of every
 * control associated by `form=`) by fetch, and shows the notification. */
class ProductForm extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.button = this.querySelector("[type=submit]");
    this.form.querySelector("[name=id]").disabled = false;
    this.form.addEventListener("submit", (event) => this.#add(event));
  }

  async #add(event) {
    event.preventDefault();
    if (this.button.getAttribute("aria-disabled") === "true") return;
    this.#say("");
    this.#wait(true);
    try {
      const answer = await this.#send();
      const isFailure = answer.status !== undefined;
      if (isFailure) this.#say(answer.description ?? answer.message);
      else document.querySelector("cart-notification").show(answer.sections, this.button);
    } finally {
      this.#wait(false);
    }
  }

  async #send() {
    const body = new FormData(this.form);
    body.append("sections", document.querySelector("cart-notification").sections.join(","));
    body.append("sections_url", window.location.pathname);
    const headers = { Accept: "application/javascript", "X-Requested-With": "XMLHttpRequest" };
    const response = await fetch("/cart/add.js", { method: "POST", headers, body });
    return response.json();
  }

  #say(text) {
    const message = this.querySelector(".product-form__error-message-wrapper");
    message.hidden = text === "";
    message.querySelector("span").textContent = text;
  }

  #wait(isWaiting) {
    this.button.toggleAttribute("aria-disabled", false);
    if (isWaiting) this.button.setAttribute("aria-disabled", "true");
    this.button.classList.toggle("loading", isWaiting);
    this.querySelector(".loading__spinner")?.toggleAttribute("hidden", !isWaiting);
  }
}

class QuantityInput extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      const input = this.querySelector("input");
      if (event.target.name === "plus") input.stepUp();
      if (event.target.name === "minus") input.stepDown();
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}

customElements.define("product-form", ProductForm);
customElements.define("quantity-input", QuantityInput);
