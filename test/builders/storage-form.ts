/** A browser's form for storage: the fields first, the bytes last. */
export function storageForm(fields: Record<string, string>, bytes: Uint8Array, type = "image/jpeg"): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", new Blob([bytes as BlobPart], { type }));
  return form;
}

/** Posts the form as a page of a shop does. */
export function postForm(
  upload: { url: string; fields: Record<string, string> },
  bytes: Uint8Array,
  change: Record<string, string> = {},
): Promise<Response> {
  const body = storageForm({ ...upload.fields, ...change }, bytes);
  return fetch(upload.url, { method: "POST", body, headers: { Origin: "https://paws.example" } });
}
