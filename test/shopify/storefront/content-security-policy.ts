import type { MiddlewareHandler } from "hono";

/**
 * A stricter policy than any shop has, so that the block is proved to need no inline script and no foreign host. Workers
 * are allowed from `blob:` only: on Shopify the extension's files come from another origin, from which a browser starts
 * no worker, and a page that works here must work there.
 */
export function storefrontPolicy(appUrl: string, storageUrl?: string): MiddlewareHandler {
  const ours = [appUrl, storageUrl].filter((url) => url !== undefined).join(" ");
  const policy = [
    "default-src 'self'",
    // The second word is for the optional HEIC decoder, which is WebAssembly; scripts are run from files only.
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self' 'unsafe-inline'",
    `img-src 'self' ${ours} data: blob:`,
    `connect-src 'self' ${ours} data: blob:`,
    "worker-src blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'self'",
  ].join("; ");
  return async (c, next) => {
    await next();
    if (!(c.res.headers.get("content-type") ?? "").startsWith("text/html")) return;
    c.res.headers.set("Content-Security-Policy", policy);
    // Not no-store: the back button may bring the page back as it was, as it does on a shop.
    c.res.headers.set("Cache-Control", "private, no-cache");
  };
}
