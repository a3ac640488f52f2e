import { randomBytes } from "node:crypto";

/** Files that came with a product form. Shopify keeps them and puts their address into the property; so do we, for a while. */

export type Uploads = {
  /** Keeps the file and returns its path. */
  keep(file: File): Promise<string>;
  find(id: string): Response | undefined;
};

const mostUploads = 20;

export function createUploads(): Uploads {
  const kept = new Map<string, { bytes: ArrayBuffer; type: string }>();
  return Object.freeze({
    async keep(file) {
      const id = randomBytes(12).toString("hex");
      kept.set(id, { bytes: await file.arrayBuffer(), type: file.type });
      const oldest = kept.keys().next().value;
      if (kept.size > mostUploads && oldest !== undefined) kept.delete(oldest);
      return `/uploads/${id}`;
    },
    find(id) {
      const file = kept.get(id);
      if (!file) return undefined;
      const isPicture = /^image\/(jpeg|png|webp|avif|gif)$/.test(file.type);
      const type = isPicture ? file.type : "application/octet-stream";
      return new Response(file.bytes, { headers: { "Content-Type": type, "X-Content-Type-Options": "nosniff" } });
    },
  } satisfies Uploads);
}
