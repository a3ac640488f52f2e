/* The page in the frame: where it is, links that lead out of it, forms that want a save bar, and the bounce page. */
const tellWhere = () => tell("navigated", { path: window.location.pathname, search: window.location.search });

for (const name of ["pushState", "replaceState"]) {
  const original = window.history[name];
  window.history[name] = function (...given) {
    original.apply(this, given);
    tellWhere();
  };
}
window.addEventListener("popstate", tellWhere);
tellWhere();

/** A link of the nav menu was pressed in the frame: the element with that address is told, as App Bridge tells it. */
whenTold("navigate", ({ href }) => {
  const links = [...document.querySelectorAll("ui-nav-menu a, s-app-nav a, s-app-nav s-link")];
  const link = links.find((candidate) => candidate.getAttribute("href") === href);
  if (link) link.dispatchEvent(new Event("shopify:navigate", { bubbles: true }));
  else window.location.assign(href);
});

/** The admin and the shop's theme editor are here, on this machine, and not on the addresses that the app links to. */
function localAddress(href) {
  const url = new URL(href, window.location.href);
  const isAdmin = url.hostname === "admin.shopify.com";
  if (!isAdmin && url.hostname !== window.shopify.config.shop) return undefined;
  const path = isAdmin ? url.pathname.replace(/^\/store\/[^/]+/, "/admin") : url.pathname;
  return `${shopifyOrigin}${path}${url.search}`;
}

document.addEventListener(
  "click",
  (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    const local = link && localAddress(link.href);
    if (!local) return;
    event.preventDefault();
    event.stopPropagation();
    openLocal(local, link.target);
  },
  true,
);

const plainOpen = window.open.bind(window);
window.open = (href, target, ...rest) => {
  const local = href === undefined ? undefined : localAddress(String(href));
  return local ? openLocal(local, target) : plainOpen(href, target, ...rest);
};

function openLocal(address, target) {
  if (target === "_blank" || !isFramed) return plainOpen(address, target || "_top");
  tell("open", { address });
  return null;
}

document.addEventListener("input", (event) => {
  const form = event.target instanceof Element ? event.target.closest("form[data-save-bar]") : null;
  if (!form || saveBars.open?.id === form) return;
  showSaveBar(form, (button) => (button === "save" ? form.requestSubmit() : form.reset()));
});
for (const done of ["submit", "reset"]) {
  document.addEventListener(done, (event) => hideSaveBar(event.target));
}

/** The bounce page has one purpose: to go back with a token. */
const reload = query.get("shopify-reload");
if (reload) {
  void idToken().then((token) => {
    const url = new URL(reload, window.location.origin);
    url.searchParams.set("id_token", token);
    if (url.origin === window.location.origin) window.location.replace(url);
  });
}
