import { join } from "node:path";
import type { Hono } from "hono";
import type { CartStore } from "./cart.ts";
import { plainPage, productPage, productSection, themeTranslate, type Storefront } from "./pages.ts";
import { staticFile } from "./static-files.ts";
import type { Uploads } from "./uploads.ts";
import { customers, readVisit, rememberCustomer } from "./visit.ts";

/** The pages of the shop, its files, and signing in and out. */

type StorefrontDoors = {
  storefront: Storefront;
  carts: CartStore;
  uploads: Uploads;
  picturesFolder: string;
};

export function addStorefrontDoors(app: Hono, doors: StorefrontDoors): void {
  addPages(app, doors);
  addFiles(app, doors);
  addAccount(app);
}

function addPages(app: Hono, { storefront, carts }: StorefrontDoors): void {
  app.get("/products/:handle", async (c) => {
    const visit = readVisit(c, carts);
    const variant = c.req.query("variant");
    const page = {
      handle: c.req.param("handle"),
      variantId: variant === undefined ? undefined : Number(variant),
      path: c.req.path,
    };
    const render = c.req.query("section_id") === undefined ? productPage : productSection;
    const html = await render(storefront, visit, page);
    return html === undefined ? c.notFound() : c.html(html);
  });
  app.get("/collections/all", async (c) => {
    const visit = readVisit(c, carts);
    const title = themeTranslate(storefront, visit)("shop.all");
    return c.html(await plainPage(storefront, visit, "collection", { page_title: title }));
  });
}

function addFiles(app: Hono, { storefront, uploads, picturesFolder }: StorefrontDoors): void {
  app.get("/cdn/themes/:theme{dawn|horizon|common}/:file", async (c) => {
    const folder = join(storefront.themesFolder, c.req.param("theme"), "assets");
    return (await staticFile(folder, c.req.param("file"))) ?? c.notFound();
  });
  app.get("/cdn/pictures/:file", async (c) => (await staticFile(picturesFolder, c.req.param("file"))) ?? c.notFound());
  app.get("/extensions/pet-processor/assets/:file", async (c) => {
    return (await staticFile(join(storefront.extensionFolder, "assets"), c.req.param("file"))) ?? c.notFound();
  });
  app.get("/uploads/:id", (c) => uploads.find(c.req.param("id")) ?? c.notFound());
}

function addAccount(app: Hono): void {
  app.get("/account/login", (c) => {
    const id = customers[c.req.query("as") ?? "customer"];
    if (id === undefined) return c.text("No such customer.\n", 404);
    rememberCustomer(c, id);
    return c.redirect(localPath(c.req.query("return_to")), 302);
  });
  app.get("/account/logout", (c) => {
    rememberCustomer(c, "");
    return c.redirect(localPath(c.req.query("return_to")), 302);
  });
}

/** Only a path of this shop: an address of somewhere else would make an open redirect. */
const localPath = (wanted: string | undefined) => (wanted && /^\/(?![/\\])/.test(wanted) ? wanted : "/");
