// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { linkCart, type CartLink } from "../../extensions/pet-processor/src/cart/cart-link.ts";
import type { CartChoice } from "../../extensions/pet-processor/src/cart/cart-properties.ts";

const choice: CartChoice = {
  portraitId: "por_0000000000000000000001",
  status: "ready",
  imageUrl: "https://pictures.test/p/1.jpg",
  styleName: "Modern",
  petNames: ["Momo"],
  note: "",
};
const productForm = `<form id="product-form" action="/cart/add"><input name="id" value="9"><button type="submit">Add</button></form>`;

let leaving: AbortController;
let isStopped = false;
let arrived: string[] = [];
let cart: unknown[] = [];

function link(
  stopped = () => isStopped,
  element = document.querySelector("pet-block") as HTMLElement,
  signal = leaving.signal,
): CartLink {
  return linkCart({
    element,
    productId: "111",
    cartUrl: "/cart.js",
    signal,
    isStopped: stopped,
    onSubmitted: () => {},
    onArrived: (id) => arrived.push(id),
  });
}

const form = () => document.querySelector("form") as HTMLFormElement;
const sent = () => [...document.querySelectorAll<HTMLInputElement>('input[type="hidden"][name^="properties"]')];
const names = () => sent().map(({ name }) => name);
const submit = () => form().dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));

describe("the tie to the product form", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    leaving = new AbortController();
    [isStopped, arrived, cart] = [false, [], []];
    document.body.innerHTML = `<div class="shopify-section"><pet-block></pet-block>${productForm}</div>`;
    vi.stubGlobal("fetch", async () => new Response(JSON.stringify({ items: cart })));
  });
  afterEach(() => {
    leaving.abort();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("puts the properties into the form by its id, outside of the form itself", () => {
    link().carry(choice);
    expect(sent().every((field) => field.getAttribute("form") === "product-form")).toBe(true);
    expect(form().querySelector('[name^="properties"]')).toBeNull();
    expect(names()).toContain("properties[_pet_portrait_id]");
  });

  it("replaces what was there, and never adds to it", () => {
    const cartLink = link();
    cartLink.carry(choice);
    cartLink.carry({ ...choice, portraitId: "por_0000000000000000000002", petNames: [""] });
    expect(names()).toEqual([
      "properties[Style]",
      "properties[_pet_portrait_id]",
      "properties[_pet_portrait_url]",
      "properties[_pet_portrait_status]",
    ]);
  });

  it("takes them out again, also when the element leaves the page", () => {
    const cartLink = link();
    cartLink.carry(choice);
    cartLink.carry(null);
    expect(names()).toEqual([]);
    cartLink.carry(choice);
    leaving.abort();
    expect(names()).toEqual([]);
  });

  it("puts them back when the theme has thrown them away", async () => {
    link().carry(choice);
    sent().forEach((field) => field.remove());
    await vi.waitFor(() => expect(names()).toHaveLength(5));
  });

  it("follows a form that the theme has made anew under another id", async () => {
    link().carry(choice);
    form().outerHTML = productForm.replace("product-form", "product-form-2");
    await vi.waitFor(() => expect(sent()[0]?.getAttribute("form")).toBe("product-form-2"));
  });

  it("lets the page cancel, and then leaves the form alone", () => {
    const heard: unknown[] = [];
    document.addEventListener(
      "pet-processor:cart",
      (event) => {
        heard.push((event as CustomEvent).detail);
        event.preventDefault();
      },
      { once: true },
    );
    link().carry(choice);
    expect(heard).toEqual([
      { productId: "111", properties: expect.arrayContaining([{ name: "properties[Pet]", value: "Momo" }]) },
    ]);
    submit();
    expect(names()).toEqual([]);
  });

  it("stops the submit and the click on the button before anybody else hears of them", () => {
    link();
    isStopped = true;
    const heard: string[] = [];
    form().addEventListener("submit", () => heard.push("submit"));
    const button = document.querySelector("button") as HTMLButtonElement;
    button.addEventListener("click", () => heard.push("click"));
    const click = new MouseEvent("click", { bubbles: true, cancelable: true });
    button.dispatchEvent(click);
    expect(submit()).toBe(false);
    expect([heard, click.defaultPrevented]).toEqual([[], true]);
    isStopped = false;
    expect(submit()).toBe(true);
    expect(heard).toEqual(["submit"]);
  });

  it("lets the form go where another block on the page has put its portrait into it", () => {
    link(() => true);
    expect(submit()).toBe(false);
    const other = link(() => false);
    other.carry(choice);
    expect(submit()).toBe(true);
    other.carry(null);
    expect(submit()).toBe(false);
  });

  describe("with two blocks for one product", () => {
    const other: CartChoice = { ...choice, portraitId: "por_0000000000000000000002", petNames: [], note: "Loud" };
    const ids = () => sent().flatMap(({ name, value }) => (name.includes("portrait_id") ? [value] : []));
    const second = () => {
      const element = document.createElement("pet-block");
      form().after(element);
      return link(undefined, element);
    };

    it("puts the portrait in that came last, wholly, and the other one again when that is gone", () => {
      const [upper, lower] = [link(), second()];
      upper.carry(choice);
      lower.carry(other);
      expect(ids()).toEqual([other.portraitId]);
      expect(names()).not.toContain("properties[Pet]");
      upper.carry({ ...choice, petNames: ["Miso"] });
      expect(ids()).toEqual([choice.portraitId]);
      expect(names()).not.toContain("properties[_pet_note]");
      upper.carry(null);
      expect(ids()).toEqual([other.portraitId]);
      lower.carry(null);
      expect(sent()).toEqual([]);
    });

    it("has the one that stays, whatever is still painted for the one that has left the page", () => {
      const gone = new AbortController();
      const [upper, lower] = [link(undefined, undefined, gone.signal), second()];
      lower.carry(other);
      upper.carry(choice);
      gone.abort();
      expect(ids()).toEqual([other.portraitId]);
      upper.carry(choice);
      expect(ids()).toEqual([other.portraitId]);
    });

    it("leaves both in where they have the same one, as after a reload", () => {
      const [upper, lower] = [link(), second()];
      upper.carry(choice);
      lower.carry(choice);
      expect(ids()).toEqual([choice.portraitId, choice.portraitId]);
    });

    it("does not stop another form of the product on behalf of the empty one", () => {
      document.body.insertAdjacentHTML(
        "beforeend",
        `<form id="bar" action="/cart/add"><input name="product-id" value="111"><button>Add</button></form>`,
      );
      link(() => true);
      second().carry(choice);
      const bar = document.querySelector("#bar") as HTMLFormElement;
      expect(bar.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }))).toBe(true);
      expect(sent().some((field) => field.getAttribute("form") === "bar")).toBe(true);
    });
  });

  it("leaves other forms of the page alone", () => {
    link();
    isStopped = true;
    document.body.insertAdjacentHTML("beforeend", `<form action="/search" id="search"></form>`);
    const search = document.getElementById("search") as HTMLFormElement;
    expect(search.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }))).toBe(true);
  });

  it("looks into the cart after the form has left, and says when the portrait is there", async () => {
    link().carry(choice);
    submit();
    await vi.advanceTimersByTimeAsync(1000);
    expect(arrived).toEqual([]);
    cart = [{ properties: null }, { properties: { _pet_portrait_id: choice.portraitId } }];
    await vi.advanceTimersByTimeAsync(10_000);
    expect(arrived).toEqual([choice.portraitId]);
  });

  it("says nothing when the add did not work", async () => {
    link().carry(choice);
    submit();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(arrived).toEqual([]);
    expect(names()).toHaveLength(5);
  });
});
