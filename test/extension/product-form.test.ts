// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import {
  findProductForm,
  formOfButton,
  idOfForm,
  sellsThis,
} from "../../extensions/pet-processor/src/cart/product-form.ts";

const page = (html: string) => void (document.body.innerHTML = html);
const block = () => document.querySelector("pet-block") as HTMLElement;
const found = (productId = "111") => findProductForm(block(), productId)?.getAttribute("data-name") ?? null;
const form = (name: string) => document.querySelector(`[data-name="${name}"]`) as HTMLFormElement;

describe("finding the product form", () => {
  beforeEach(() => page(""));

  it("takes the form around the block", () => {
    page(
      `<form data-name="other" action="/cart/add"></form><form data-name="around" action="/cart/add"><pet-block></pet-block></form>`,
    );
    expect(found()).toBe("around");
  });

  it("takes the form of its own section before an earlier one of the page", () => {
    page(`<div class="shopify-section"><form data-name="far" action="/cart/add"></form></div>
      <div class="shopify-section"><pet-block></pet-block><form data-name="near" data-type="add-to-cart-form"></form></div>`);
    expect(found()).toBe("near");
  });

  it("looks through the page where its own section has none, also under a language's path", () => {
    page(`<div class="shopify-section"><pet-block></pet-block></div><form data-name="search" action="/search"></form>
      <form data-name="main" action="/fr/cart/add"></form>`);
    expect(found()).toBe("main");
  });

  it("never takes the form of another product", () => {
    page(
      `<pet-block></pet-block><form data-name="quick" action="/cart/add"><input name="product-id" value="222"></form>`,
    );
    expect(found()).toBeNull();
  });

  it("takes the form that names the product before one that names none", () => {
    page(`<pet-block></pet-block><form data-name="silent" action="/cart/add"></form>
      <form data-name="named" action="/cart/add"><input name="product-id" value="111"></form>`);
    expect(found()).toBe("named");
  });

  it.each([
    ["by a submit button", `<button>Add</button>`],
    ["by a plain button that adds", `<button type="button" name="add">Add</button>`],
    ["by dynamic checkout alone", `<div class="shopify-payment-button"></div>`],
  ])("takes a form that can be sent, %s, before one that shows payment terms above it", (_, way) => {
    page(`<div class="shopify-section">
      <form data-name="terms" action="/cart/add"><input name="id"><input name="product-id" value="111"></form>
      <pet-block></pet-block><form data-name="real" action="/cart/add"><input name="id">${way}</form></div>`);
    expect(found()).toBe("real");
  });

  it("takes a form whose button lies outside of it", () => {
    page(`<pet-block></pet-block><form data-name="terms" action="/cart/add"><input name="product-id" value="111"></form>
      <form data-name="real" action="/cart/add" id="real"></form><button form="real">Add</button>`);
    expect(found()).toBe("real");
  });

  it("finds nothing where there is nothing", () => {
    page(`<pet-block></pet-block><form data-name="search" action="/search"></form>`);
    expect(found()).toBeNull();
  });

  it("knows a sticky bar's form of the same product, and no other", () => {
    page(`<form data-name="main" action="/cart/add"></form>
      <form data-name="sticky" action="/cart/add"><input name="product-id" value="111"></form>
      <form data-name="other" action="/cart/add"><input name="product-id" value="222"></form>`);
    const ours = form("main");
    expect(["main", "sticky", "other"].map((name) => sellsThis(form(name), ours, "111"))).toEqual([true, true, false]);
  });

  it("gives a form without an id one, though its control is called id", () => {
    page(
      `<form data-name="main" action="/cart/add"><input name="id" value="9"></form><form data-name="own" id="own"></form>`,
    );
    expect(idOfForm(form("main"))).toBe("pet-processor-form-1");
    expect(form("main").getAttribute("id")).toBe("pet-processor-form-1");
    expect(idOfForm(form("own"))).toBe("own");
  });

  it.each([
    ["a submit button", `<button type="submit" id="b">Add</button>`, true],
    ["what lies inside of it", `<button type="submit"><span id="b">Add</span></button>`, true],
    ["a plain button that adds", `<button type="button" name="add" id="b">Add</button>`, true],
    ["dynamic checkout", `<div class="shopify-payment-button"><button type="button" id="b">Buy</button></div>`, true],
    ["a quantity button", `<button type="button" name="plus" id="b">+</button>`, false],
    ["plain text", `<p id="b">Text</p>`, false],
  ])("sees that %s sends the form: %#", (_, html, sends) => {
    page(`<form data-name="main" action="/cart/add">${html}</form>`);
    expect(formOfButton(document.getElementById("b")) === form("main")).toBe(sends);
  });
});
