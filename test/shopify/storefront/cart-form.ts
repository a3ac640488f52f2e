import { CartError, type Properties, type PropertyValue, type WantedLine } from "./cart.ts";

/**
 * What reaches `/cart/add` and its sisters, in each of the ways that themes send it: urlencoded, multipart (with files)
 * and JSON, one line or `items`.
 */

export type CartRequest = {
  lines: WantedLine[];
  /** Fields beside the lines: `line`, `id`, `quantity`, `sections`, `checkout`, `return_to` and so on. */
  fields: Record<string, string>;
  properties: Properties | undefined;
  isItems: boolean;
};

/** Keeps a file that a shopper put into the form and says where it is to be found. */
export type KeepUpload = (file: File) => Promise<string>;

/** Reads a cart request of any of the three kinds. */
export async function readCartRequest(request: Request, keepUpload: KeepUpload): Promise<CartRequest> {
  const type = request.headers.get("content-type") ?? "";
  if (type.includes("json")) return fromJson(await json(request));
  if (request.method === "GET") return fromEntries([...new URL(request.url).searchParams], keepUpload);
  const form = await request.formData().catch(() => new FormData());
  return fromEntries([...form], keepUpload);
}

async function json(request: Request): Promise<Record<string, unknown>> {
  const parsed: unknown = await request.json().catch(() => undefined);
  if (!isRecord(parsed)) throw new CartError(400, "The body is not JSON.");
  return parsed;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function fromJson(body: Record<string, unknown>): CartRequest {
  const isItems = Array.isArray(body.items);
  const items = isItems ? (body.items as unknown[]).filter(isRecord) : [body];
  const fields = Object.entries(body).filter(([, value]) => ["string", "number"].includes(typeof value));
  return {
    lines: items.map((item) => wantedLine(item.id, item.quantity, jsonProperties(item.properties))),
    fields: {
      ...Object.fromEntries(fields.map(([key, value]) => [key, String(value)])),
      ...(Array.isArray(body.sections) && { sections: body.sections.join(",") }),
    },
    properties: body.properties === undefined ? undefined : jsonProperties(body.properties),
    isItems,
  };
}

function jsonProperties(value: unknown): Properties {
  if (!isRecord(value)) return {};
  const plain = Object.entries(value).filter(([, property]) => !isRecord(property) && !Array.isArray(property));
  return Object.fromEntries(plain as [string, PropertyValue][]);
}

function wantedLine(id: unknown, quantity: unknown, properties: Properties): WantedLine {
  const wanted = quantity === undefined || quantity === "" ? 1 : Number(quantity);
  return { id: Number(id), quantity: wanted, properties };
}

const itemField = /^items\[(\d*)\]\[(\w+)\](?:\[(.+)\])?$/;
const propertyField = /^properties\[(.+)\]$/;

type Item = { id?: string; quantity?: string; properties: Properties };

async function fromEntries(
  entries: readonly [string, FormDataEntryValue][],
  keepUpload: KeepUpload,
): Promise<CartRequest> {
  const fields: Record<string, string> = {};
  const items = new Map<string, Item>();
  const single: Item = { properties: {} };
  let hasProperties = false;
  for (const [name, given] of entries) {
    const value = typeof given === "string" ? given : given.size > 0 ? await keepUpload(given) : "";
    const [, property] = propertyField.exec(name) ?? [];
    const [, index, field, itemProperty] = itemField.exec(name) ?? [];
    if (property !== undefined) {
      hasProperties = true;
      single.properties[property] = value;
    } else if (index !== undefined && field !== undefined) {
      putIntoItem(items, { index, field, property: itemProperty, value });
    } else fields[name] = value;
  }
  const wanted = items.size > 0 ? [...items.values()] : [{ ...single, ...idAndQuantity(fields) }];
  return {
    lines: wanted.map((item) => wantedLine(item.id, item.quantity, item.properties)),
    fields,
    properties: hasProperties ? single.properties : undefined,
    isItems: items.size > 0,
  };
}

const idAndQuantity = ({ id, quantity }: Record<string, string>) => ({
  ...(id !== undefined && { id }),
  ...(quantity !== undefined && { quantity }),
});

function putIntoItem(
  items: Map<string, Item>,
  { index, field, property, value }: { index: string; field: string; property: string | undefined; value: string },
): void {
  const item = items.get(index) ?? { properties: {} };
  items.set(index, item);
  if (field === "properties" && property !== undefined) item.properties[property] = value;
  if (field === "id" || field === "quantity") item[field] = value;
}
