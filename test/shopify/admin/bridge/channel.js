/*
 * A stand-in for Shopify's App Bridge, for the local admin only. The parts in this folder are served as one script: the
 * way to the frame, session tokens and fetch, the `shopify` object, App Bridge's elements, and the page's own habits.
 */
const script = document.currentScript;
const shopifyOrigin = new URL(script.src).origin;
const isFramed = window.parent !== window;
const listeners = new Map();
const asked = new Map();

function tell(action, data = {}) {
  if (isFramed) window.parent.postMessage({ localShopify: action, ...data }, shopifyOrigin);
}

/** Asks the frame and waits for its answer. */
function ask(action) {
  const { promise, resolve } = Promise.withResolvers();
  const id = crypto.randomUUID();
  asked.set(id, resolve);
  tell(action, { id });
  return promise;
}

const whenTold = (action, listener) => listeners.set(action, listener);

window.addEventListener("message", ({ source, origin, data }) => {
  if (source !== window.parent || origin !== shopifyOrigin || !data?.localShopify) return;
  if (data.localShopify === "answer") {
    asked.get(data.id)?.(data.value);
    asked.delete(data.id);
    return;
  }
  listeners.get(data.localShopify)?.(data);
});
