/* The cart as a drawer at the side; other components open it with fresh HTML after a change. */
class CartDrawerComponent extends HTMLElement {
  sections = ["cart-drawer"];

  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.addEventListener("click", (event) => {
      if (event.target === this.dialog || event.target.closest("[data-close]")) this.dialog.close();
    });
    document.querySelector("[data-cart-toggle]")?.addEventListener("click", (event) => {
      event.preventDefault();
      this.dialog.showModal();
    });
  }

  update(sections, itemCount) {
    const fresh = new DOMParser().parseFromString(sections["cart-drawer"], "text/html");
    this.querySelector("#shopify-section-cart-drawer").innerHTML = fresh.querySelector(".shopify-section").innerHTML;
    document.querySelector("[data-cart-count]").textContent = String(itemCount);
    if (!this.dialog.open) this.dialog.showModal();
  }
}

customElements.define("cart-drawer-component", CartDrawerComponent);
