/* App Bridge's elements. What they hold is drawn by the frame, so they only tell it; nothing is written into the app's
 * own document that a hydrating page would trip over. */
const hidden = new CSSStyleSheet();
hidden.replaceSync(`ui-nav-menu, s-app-nav, ui-title-bar, ui-save-bar, ui-modal { display: none }
  .local-modal { width: min(620px, 92vw); padding: 0; border: 0; border-radius: 16px; box-shadow: 0 20px 60px #0006 }
  .local-modal::backdrop { background: #0007 }
  .local-modal > header, .local-modal > footer { display: flex; gap: 8px; padding: 12px 16px; background: #f3f3f3 }
  .local-modal > header strong { flex: 1 } .local-modal > footer { justify-content: end }`);
document.adoptedStyleSheets.push(hidden);

/** An element that tells the frame about its children, now and whenever they change. */
class ToldElement extends HTMLElement {
  #observer = new MutationObserver(() => this.tellFrame());

  connectedCallback() {
    this.#observer.observe(this, { childList: true, subtree: true, attributes: true, characterData: true });
    queueMicrotask(() => this.tellFrame());
  }

  disconnectedCallback() {
    this.#observer.disconnect();
    this.tellFrame();
  }
}

class NavMenu extends ToldElement {
  tellFrame() {
    const links = [...this.querySelectorAll("a, s-link")].filter((link) => link.getAttribute("rel") !== "home");
    const told = links.map((link) => ({ href: link.getAttribute("href"), text: link.textContent.trim() }));
    tell("nav", { links: this.isConnected ? told : [] });
  }
}

class TitleBar extends ToldElement {
  tellFrame() {
    if (this.closest("ui-modal")) return;
    const buttons = [...this.querySelectorAll("button")].map((button, index) => ({
      index,
      text: button.textContent.trim(),
      isPrimary: button.getAttribute("variant") === "primary",
      disabled: button.disabled,
    }));
    tell("title", this.isConnected ? { title: this.getAttribute("title") ?? "", buttons } : { title: "", buttons: [] });
  }
}

class SaveBar extends HTMLElement {
  show() {
    showSaveBar(this, (button) => {
      const selector = button === "save" ? "button[variant=primary]" : "button:not([variant=primary])";
      this.querySelector(selector)?.click();
    });
    this.dispatchEvent(new Event("show"));
  }
  hide() {
    hideSaveBar(this);
    this.dispatchEvent(new Event("hide"));
  }
  toggle() {
    if (saveBars.open?.id === this) this.hide();
    else this.show();
  }
}

class Modal extends HTMLElement {
  dialog = Object.assign(document.createElement("dialog"), { className: "local-modal" });
  content = document.createElement("div");

  connectedCallback() {
    this.dialog.addEventListener("close", () => this.dispatchEvent(new Event("hide")));
    document.body.append(this.dialog);
  }
  disconnectedCallback() {
    this.dialog.remove();
  }
  show() {
    const bar = this.querySelector("ui-title-bar");
    const header = document.createElement("header");
    header.append(Object.assign(document.createElement("strong"), { textContent: bar?.getAttribute("title") ?? "" }));
    const footer = document.createElement("footer");
    for (const button of bar?.querySelectorAll("button") ?? []) {
      const shown = Object.assign(document.createElement("button"), {
        type: "button",
        textContent: button.textContent,
      });
      shown.addEventListener("click", () => button.click());
      footer.append(shown);
    }
    this.dialog.replaceChildren(header, this.content, footer);
    this.dialog.showModal();
    this.dispatchEvent(new Event("show"));
  }
  hide() {
    this.dialog.close();
  }
  toggle() {
    if (this.dialog.open) this.hide();
    else this.show();
  }
}

for (const name of ["ui-nav-menu", "s-app-nav"]) customElements.define(name, class extends NavMenu {});
customElements.define("ui-title-bar", TitleBar);
customElements.define("ui-save-bar", SaveBar);
customElements.define("ui-modal", Modal);

whenTold("titlePressed", ({ index }) => document.querySelectorAll("ui-title-bar button")[index]?.click());
