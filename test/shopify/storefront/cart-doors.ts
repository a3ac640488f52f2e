import type { Context, Hono } from "hono";
import { addLines, CartError, changeLine, type CartStore } from "./cart.ts";
import { readCartRequest, type CartRequest } from "./cart-form.ts";
import { cartJson, lineJson } from "./cart-json.ts";
import { bundledSections, plainPage, themeTranslate, type Storefront } from "./pages.ts";
import type { Uploads } from "./uploads.ts";
import { readVisit, type Visit } from "./visit.ts";

/** The cart's addresses: those that scripts call (`.js`, or an Accept that asks for data) and those of plain forms. */

type CartDoors = { storefront: Storefront; carts: CartStore; uploads: Uploads };

export function addCartDoors(app: Hono, doors: CartDoors): void {
  const { carts, storefront } = doors;
  app.get("/cart.js", (c) => c.json(wholeCart(storefront, readVisit(c, carts))));
  app.get("/cart", async (c) => {
    const visit = readVisit(c, carts);
    if (wantsData(c)) return c.json(wholeCart(storefront, visit));
    return c.html(
      await plainPage(storefront, visit, "cart", { page_title: themeTranslate(storefront, visit)("cart.title") }),
    );
  });
  for (const path of ["/cart/add", "/cart/add.js"]) app.post(path, (c) => answered(c, doors, add));
  for (const path of ["/cart/change", "/cart/change.js"])
    app.on(["GET", "POST"], path, (c) => answered(c, doors, change));
  for (const path of ["/cart/clear", "/cart/clear.js"]) app.on(["GET", "POST"], path, (c) => answered(c, doors, clear));
}

type Work = (visit: Visit, asked: CartRequest, doors: CartDoors) => object;

const add: Work = (visit, { lines, isItems }, { storefront }) => {
  const titleOf = titles(storefront, visit);
  const added = addLines(visit.cart, lines).map((line) => lineJson(line, titleOf));
  return isItems ? { items: added } : (added[0] ?? {});
};

const change: Work = (visit, { fields, properties }, { storefront }) => {
  changeLine(visit.cart, {
    id: fields.id,
    line: fields.line === undefined ? undefined : Number(fields.line),
    quantity: Number(fields.quantity ?? 1),
    properties,
  });
  return wholeCart(storefront, visit);
};

const clear: Work = (visit, _asked, { storefront }) => {
  visit.cart.lines.length = 0;
  return wholeCart(storefront, visit);
};

async function answered(c: Context, doors: CartDoors, work: Work): Promise<Response> {
  const visit = readVisit(c, doors.carts);
  try {
    const asked = await readCartRequest(c.req.raw, (file) => keepUpload(c, doors.uploads, file));
    const answer = work(visit, asked, doors);
    if (!wantsData(c)) return c.redirect(nextPage(asked.fields), 302);
    return c.json({ ...answer, ...(await sections(doors.storefront, visit, { asked, answer })) });
  } catch (error) {
    if (!(error instanceof CartError)) throw error;
    const said = { status: error.status, message: "Cart Error", description: error.message };
    return Response.json(said, { status: error.status });
  }
}

async function sections(
  storefront: Storefront,
  visit: Visit,
  { asked, answer }: { asked: CartRequest; answer: object },
) {
  if (asked.fields.sections === undefined) return {};
  const names = asked.fields.sections.split(",").filter(Boolean);
  return { sections: await bundledSections(storefront, visit, names, { added: answer }) };
}

const keepUpload = async (c: Context, uploads: Uploads, file: File) =>
  new URL(await uploads.keep(file), c.req.url).toString();

function nextPage({ checkout, return_to: wanted }: Record<string, string>): string {
  if (checkout !== undefined) return "/checkout";
  return wanted !== undefined && /^\/(?![/\\])/.test(wanted) ? wanted : "/cart";
}

function wantsData(c: Context): boolean {
  return c.req.path.endsWith(".js") || /application\/(json|javascript)/.test(c.req.header("accept") ?? "");
}

const titles = (storefront: Storefront, visit: Visit) => {
  const translate = themeTranslate(storefront, visit);
  return (handle: string) => translate(`products.${handle}.title`);
};

const wholeCart = (storefront: Storefront, visit: Visit) => cartJson(visit.cart, titles(storefront, visit));
