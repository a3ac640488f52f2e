import type { Bucket, FileMetadata } from "@google-cloud/storage";
import { patiently, type Course } from "./patience.ts";

export type Listed = Pick<FileMetadata, "timeCreated"> & { name: string };

/** What lies under a prefix, page by page, each page with tries of its own. */
export async function* listObjects(
  of: Course & { bucket: Bucket },
  prefix: string,
  pageSize = 1000,
): AsyncGenerator<Listed> {
  const fields = "items(name,timeCreated),nextPageToken";
  let query: object | null = { prefix, maxResults: pageSize, autoPaginate: false, fields };
  while (query !== null) {
    const page: object = query;
    const [items, next] = await patiently(() => of.bucket.getFiles(page), of);
    // Asked for some fields only, the SDK gives the items as they came, and no files of its own.
    yield* items;
    query = next ?? null;
  }
}
