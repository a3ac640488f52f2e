/* Another variant changes what is there and leaves every element in its place. Another product (the links to its
 * siblings) replaces the whole section without a page load, as combined listings do. */
class VariantPicker extends HTMLElement {
  connectedCallback() {
    this.variants = JSON.parse(this.querySelector("script").textContent);
    this.addEventListener("change", () => this.#change());
  }

  #change() {
    const options = [...this.querySelectorAll("input:checked")].map((input) => input.value);
    const variant = this.variants.find((candidate) => candidate.options.join() === options.join());
    if (!variant) return;
    const section = this.closest(".shopify-section");
    const price = `$${(variant.price / 100).toFixed(2)}`;
    for (const element of section.querySelectorAll("[data-price], [data-sticky-price]")) element.textContent = price;
    section.querySelector("[data-variant-id]").value = variant.id;
    const button = section.querySelector(".add-to-cart-button");
    button.disabled = !variant.available;
    const label = variant.available ? button.dataset.addText : button.dataset.soldOutText;
    button.querySelector("[data-add-label]").textContent = label;
    const url = new URL(window.location.href);
    url.searchParams.set("variant", variant.id);
    window.history.replaceState(window.history.state, "", url);
    this.dispatchEvent(new CustomEvent("variant:update", { bubbles: true, detail: { resource: variant } }));
  }
}

class ProductSiblings extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      const link = event.target.closest("a");
      if (!link || event.metaKey || event.ctrlKey) return;
      event.preventDefault();
      void swapProduct(link.href);
    });
  }
}

async function swapProduct(href) {
  const section = document.querySelector("product-siblings").closest(".shopify-section");
  const url = new URL(href);
  url.searchParams.set("section_id", section.id.replace("shopify-section-", ""));
  const fresh = new DOMParser().parseFromString(await (await fetch(url)).text(), "text/html");
  section.replaceWith(document.adoptNode(fresh.querySelector(".shopify-section")));
  window.history.pushState({ swapped: true }, "", href);
  document.querySelector("product-siblings [aria-current]")?.focus();
}

window.addEventListener("popstate", () => window.location.reload());
customElements.define("variant-picker", VariantPicker);
customElements.define("product-siblings", ProductSiblings);
