import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import type { Cart, CartStore } from "./cart.ts";

/**
 * Who is looking, and at what: theme, colours, language, signed-in customer and cart, from the query and remembered in
 * cookies. A query parameter chooses and is remembered; the theme editor's mode is of one request only.
 */

export const themes = ["dawn", "horizon"] as const;
export const schemes = ["light", "dark"] as const;
export const locales = ["en", "de", "fr", "es", "ja"] as const;

export type Theme = (typeof themes)[number];
export type Scheme = (typeof schemes)[number];
export type Locale = (typeof locales)[number];

export type Visit = {
  theme: Theme;
  scheme: Scheme;
  locale: Locale;
  /** Empty for a guest. */
  customerId: string;
  designMode: boolean;
  cart: Cart;
  /** What the merchant has set on the block, over its defaults; from the query, as JSON. */
  blockSettings: Record<string, unknown>;
  /**
   * Where the block sits: beside the product form, in the theme's own section for apps, in both of them, beside the product
   * form and again beside the form of another product on the same page, or nowhere.
   */
  placement: (typeof placements)[number];
};

/** Customers who can sign in, by the name in `/account/login?as=`. */
export const customers: Readonly<Record<string, string>> = Object.freeze({
  customer: "7001",
  "other-customer": "7002",
});

const placements = ["main", "apps", "twice", "featured", "none"] as const;

const year = 365 * 24 * 60 * 60;
const cookieOptions = { path: "/", sameSite: "Lax", httpOnly: true } as const;

export function readVisit(c: Context, carts: CartStore): Visit {
  return {
    theme: choice(c, "theme", themes),
    scheme: choice(c, "scheme", schemes),
    locale: choice(c, "locale", locales),
    customerId: readCustomerId(c),
    designMode: c.req.query("design_mode") === "1",
    cart: openCart(c, carts),
    blockSettings: settingsFrom(c.req.query("block_settings")),
    placement: placements.find((name) => name === c.req.query("placement")) ?? "main",
  };
}

function choice<const T extends readonly string[]>(c: Context, name: string, allowed: T): T[number] {
  const isAllowed = (value: string | undefined): value is T[number] => value !== undefined && allowed.includes(value);
  const asked = c.req.query(name);
  if (isAllowed(asked)) {
    setCookie(c, name, asked, { ...cookieOptions, maxAge: year });
    return asked;
  }
  const remembered = getCookie(c, name);
  return isAllowed(remembered) ? remembered : (allowed[0] as T[number]);
}

/** The signed-in customer's id, empty for a guest. */
export function readCustomerId(c: Context): string {
  const id = getCookie(c, "customer") ?? "";
  return Object.values(customers).includes(id) ? id : "";
}

/** Signs a customer in, or out with an empty id. */
export function rememberCustomer(c: Context, id: string): void {
  setCookie(c, "customer", id, { ...cookieOptions, maxAge: id === "" ? 0 : year });
}

function openCart(c: Context, carts: CartStore): Cart {
  const token = getCookie(c, "cart");
  const cart = carts.open(token);
  if (cart.token !== token) setCookie(c, "cart", cart.token, { ...cookieOptions, maxAge: year });
  return cart;
}

function settingsFrom(json: string | undefined): Record<string, unknown> {
  if (json === undefined) return {};
  try {
    return Object(JSON.parse(json)) as Record<string, unknown>;
  } catch {
    return {};
  }
}
