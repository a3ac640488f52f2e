import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";

/** Files by name from one folder; no sub-folders, so no way out of it. */

const types: Record<string, string> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".wasm": "application/wasm",
};

const plainName = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** The file with the headers of Shopify's CDN, or undefined when there is none of that name and a known type. */
export async function staticFile(folder: string, name: string): Promise<Response | undefined> {
  const type = types[extname(name)];
  if (type === undefined || !plainName.test(name)) return undefined;
  const bytes = await readFile(join(folder, name)).catch(() => undefined);
  if (!bytes) return undefined;
  return new Response(bytes, {
    headers: {
      "Content-Type": type,
      "Cache-Control": "public, no-cache",
      "Access-Control-Allow-Origin": "*",
      "X-Content-Type-Options": "nosniff",
    },
  });
}
