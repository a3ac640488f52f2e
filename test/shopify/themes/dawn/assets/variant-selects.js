/* Another variant: the section is asked for again and the whole info column replaced, the app block in it included.
 * What a block kept only in its elements is gone after that. */
class VariantSelects extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", (event) => this.#change(event.target));
  }

  async #change(input) {
    const options = [...this.querySelectorAll("input:checked")].map((radio) => radio.value);
    const variants = JSON.parse(this.querySelector("[data-variants]").textContent);
    const variant = variants.find((candidate) => candidate.options.join() === options.join());
    if (!variant) return;
    this.closest(".product__info").setAttribute("aria-busy", "true");
    const url = new URL(window.location.href);
    url.searchParams.set("variant", variant.id);
    window.history.replaceState({}, "", url);
    url.searchParams.set("section_id", this.dataset.section);
    const html = await (await fetch(url)).text();
    this.#replace(html, input.id);
  }

  #replace(html, focusId) {
    const id = `ProductInfo-${this.dataset.section}`;
    const quantity = document.getElementById(`Quantity-${this.dataset.section}`)?.value;
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const column = document.getElementById(id);
    column.innerHTML = fresh.getElementById(id).innerHTML;
    column.removeAttribute("aria-busy");
    const field = document.getElementById(`Quantity-${this.dataset.section}`);
    if (field && quantity) field.value = quantity;
    const bar = document.querySelector("sticky-add-to-cart [data-sticky-price]");
    const price = fresh.querySelector("[data-sticky-price]");
    if (bar && price) bar.textContent = price.textContent;
    document.getElementById(focusId)?.focus();
  }
}

customElements.define("variant-selects", VariantSelects);
