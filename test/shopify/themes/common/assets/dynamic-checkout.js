/*
 * The dynamic checkout button, with the manners of the real one: it is no submit button, so no `submit` event and no
 * validation happens; it takes the form's data, leaves for the checkout and comes back to nothing.
 */
class AcceleratedCheckout extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      const form = this.closest("form");
      if (!form || !(event.target instanceof Element) || !event.target.closest("button")) return;
      leaveForCheckout(new FormData(form));
    });
  }
}

function leaveForCheckout(data) {
  const form = Object.assign(document.createElement("form"), { method: "post", action: "/cart/add", hidden: true });
  form.enctype = "multipart/form-data";
  data.set("checkout", "");
  for (const [name, value] of data) {
    if (typeof value !== "string") continue;
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  document.body.append(form);
  HTMLFormElement.prototype.submit.call(form);
}

if (!customElements.get("shopify-accelerated-checkout")) {
  customElements.define("shopify-accelerated-checkout", AcceleratedCheckout);
}
