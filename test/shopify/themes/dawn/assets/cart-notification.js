/* What slides in under the header after something was added; drawn from the sections that came with the answer. */
class CartNotification extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      if (event.target.closest("[data-close]")) this.close();
    });
    this.addEventListener("keyup", (event) => {
      if (event.key === "Escape") this.close();
    });
    document.addEventListener("click", (event) => {
      if (!this.hidden && !this.contains(event.target)) this.close();
    });
  }

  sections = ["cart-notification-product", "cart-icon-bubble"];

  show(sections, opener) {
    this.opener = opener;
    this.querySelector("#cart-notification-product").innerHTML = innerOf(sections["cart-notification-product"]);
    document.getElementById("shopify-section-cart-icon-bubble").innerHTML = innerOf(sections["cart-icon-bubble"]);
    this.hidden = false;
    window.scrollTo({ top: 0, behavior: "smooth" });
    this.focus({ preventScroll: true });
  }

  close() {
    this.hidden = true;
    this.opener?.focus({ preventScroll: true });
  }
}

const innerOf = (html) =>
  new DOMParser().parseFromString(html, "text/html").querySelector(".shopify-section").innerHTML;

customElements.define("cart-notification", CartNotification);
