/* `window.shopify`, as far as apps of this size use it. */
const query = new URLSearchParams(window.location.search);

/** The frame's query is gone after the first client navigation; what it said about the shop is kept for the tab. */
function remembered(name) {
  const key = `local-shopify:${name}`;
  const value = query.get(name);
  if (value) sessionStorage.setItem(key, value);
  return value ?? sessionStorage.getItem(key) ?? "";
}

let toasts = 0;
const saveBars = { open: undefined };

function showSaveBar(id, press) {
  saveBars.open = { id, press };
  tell("saveBar", { open: true });
}

function hideSaveBar(id) {
  if (id !== undefined && saveBars.open?.id !== id) return;
  saveBars.open = undefined;
  tell("saveBar", { open: false });
}

whenTold("saveBarPressed", ({ button }) => saveBars.open?.press(button));

const elementById = (id) => document.getElementById(id);

window.shopify = {
  config: {
    apiKey: script.dataset.apiKey ?? document.querySelector("meta[name=shopify-api-key]")?.content ?? "",
    shop: remembered("shop"),
    host: remembered("host"),
    locale: remembered("locale") || "en",
    appOrigins: [],
    disabledFeatures: [],
    experimentalFeatures: [],
  },
  origin: shopifyOrigin,
  ready: Promise.resolve(),
  environment: { embedded: isFramed, mobile: false, pos: false },
  idToken,
  loading: (isLoading = true) => tell("loading", { isLoading }),
  toast: {
    show(message, options = {}) {
      toasts += 1;
      const { isError = false, duration = 5000 } = options;
      tell("toast", { message, isError, duration, toastId: `toast-${toasts}` });
      return `toast-${toasts}`;
    },
    hide: (toastId) => tell("toastHide", { toastId }),
  },
  saveBar: {
    show: async (id) => elementById(id)?.show(),
    hide: async (id) => elementById(id)?.hide(),
    toggle: async (id) => elementById(id)?.toggle(),
    leaveConfirmation: async () => undefined,
  },
  modal: {
    show: async (id) => elementById(id)?.show(),
    hide: async (id) => elementById(id)?.hide(),
    toggle: async (id) => elementById(id)?.toggle(),
  },
  app: { extensions: async () => (await plainFetch(`${shopifyOrigin}/admin/extensions`)).json() },
  user: async () => ({ id: 9001, accountAccess: "full_access" }),
  webVitals: { onReport: async () => undefined },
  scopes: {
    query: async () => ({ granted: ["write_app_proxy", "read_products", "read_orders"], required: [], optional: [] }),
  },
};
