/* What Shopify puts into every page's head as an inline script; a file here, so that the policy can forbid inline ones. */
(() => {
  const facts = JSON.parse(document.getElementById("shop-globals").textContent);
  window.Shopify = Object.assign(window.Shopify ?? {}, facts);
  document.documentElement.classList.replace("no-js", "js");
})();
