/* The frame's side of App Bridge's stand-in: it draws what the app tells and answers what it asks. It listens to the
 * framed window and to the app's origin only. */
const frame = document.getElementById("app");
const appOrigin = new URL(frame.dataset.appUrl).origin;
const byId = (id) => document.getElementById(id);

const tellApp = (action, data = {}) => frame.contentWindow.postMessage({ localShopify: action, ...data }, appOrigin);

const make = (tag, properties) => Object.assign(document.createElement(tag), properties);

const handlers = {
  async token({ id }) {
    const { token } = await (await fetch("/admin/session-token")).json();
    tellApp("answer", { id, value: token });
  },
  nav({ links }) {
    byId("app-nav").replaceChildren(...links.map(navItem));
    markCurrent();
  },
  title({ title, buttons }) {
    byId("app-title").textContent = title;
    byId("app-buttons").replaceChildren(...buttons.map(titleButton));
  },
  saveBar({ open }) {
    byId("save-bar").hidden = !open;
  },
  loading({ isLoading }) {
    byId("loading").hidden = !isLoading;
  },
  toast({ message, isError, duration, toastId }) {
    const toast = make("div", { className: isError ? "toast is-error" : "toast", textContent: message, id: toastId });
    byId("toasts").append(toast);
    setTimeout(() => toast.remove(), duration);
  },
  toastHide({ toastId }) {
    byId(toastId)?.remove();
  },
  navigated({ path }) {
    frame.dataset.path = path;
    if (path.startsWith("/app")) window.history.replaceState({}, "", `/admin/apps/pet-portraits${path}`);
    markCurrent();
  },
  open({ address }) {
    if (new URL(address).origin === window.location.origin) window.location.assign(address);
  },
};

function navItem({ href, text }) {
  const link = make("a", { className: "side__item", textContent: text, href: `/admin/apps/pet-portraits${href}` });
  link.dataset.path = href;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    closeMenu();
    tellApp("navigate", { href });
  });
  const item = document.createElement("li");
  item.append(link);
  return item;
}

function titleButton({ index, text, isPrimary, disabled }) {
  const button = make("button", {
    type: "button",
    textContent: text,
    disabled,
    className: isPrimary ? "button is-primary" : "button",
  });
  button.addEventListener("click", () => tellApp("titlePressed", { index }));
  return button;
}

function markCurrent() {
  for (const link of document.querySelectorAll("#app-nav a")) {
    const isCurrent = link.dataset.path.split("?")[0] === frame.dataset.path;
    if (isCurrent) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

function closeMenu() {
  document.body.classList.remove("has-menu");
  byId("menu").setAttribute("aria-expanded", "false");
}

window.addEventListener("message", ({ source, origin, data }) => {
  if (source !== frame.contentWindow || origin !== appOrigin) return;
  handlers[data?.localShopify]?.(data);
});

byId("save-bar").addEventListener("click", ({ target }) => {
  const { saveBar: button } = target.dataset;
  if (button) tellApp("saveBarPressed", { button });
});

byId("menu").addEventListener("click", () => {
  const isOpen = document.body.classList.toggle("has-menu");
  byId("menu").setAttribute("aria-expanded", String(isOpen));
});
