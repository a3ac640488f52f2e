import type { Bucket } from "./buckets.ts";
import { bucketNamed, type Buckets } from "./json-api.ts";
import { mediaAnswer } from "./media.ts";
import { verifyPolicy, verifySignedRead, type Signers } from "./signatures.ts";
import { splitParts } from "./uploads.ts";
import { escaped, StorageRefusal, xmlAnswer, type StorageAnswer, type StorageRequest } from "./wire.ts";

/** What a browser speaks to: `/<bucket>/<object>` read with a signed address or none, and forms posted to `/<bucket>`. */
export function xmlApi(
  { buckets, signers, nowMs }: { buckets: Buckets; signers: Signers; nowMs: number },
  request: StorageRequest,
): StorageAnswer {
  const [bucketName = "", ...rest] = request.path.slice(1).split("/");
  const bucket = bucketNamed(buckets, bucketName);
  if (request.method === "OPTIONS") return preflight(bucket, request);
  const answer = readOrPost(bucket, rest.join("/"), { request, signers, nowMs });
  return { ...answer, headers: { ...answer.headers, ...crossOrigin(bucket, request) } };
}

function readOrPost(
  bucket: Bucket,
  name: string,
  { request, signers, nowMs }: { request: StorageRequest; signers: Signers; nowMs: number },
): StorageAnswer {
  if (request.method === "POST") return takeForm(bucket, request, { signers, nowMs });
  if (request.method !== "GET" && request.method !== "HEAD")
    throw new StorageRefusal(405, "The specified method is not allowed.", { code: "MethodNotAllowed" });
  const isSigned = request.query.has("X-Goog-Signature");
  if (isSigned) verifySignedRead(request, signers, nowMs);
  else if (!bucket.isPublic || name === "")
    throw new StorageRefusal(403, "Access denied.", {
      details: "Anonymous caller does not have storage.objects.get access to the Google Cloud Storage object.",
    });
  const object = bucket.objects.get(name);
  if (object === undefined) throw new StorageRefusal(404, "The specified key does not exist.");
  const answer = mediaAnswer(object, request.headers.range);
  // Unless it says otherwise, what anybody may read is kept by everybody for an hour.
  const keep = isSigned || object.cacheControl !== undefined ? {} : { "cache-control": "public, max-age=3600" };
  return { ...answer, headers: { ...answer.headers, ...keep } };
}

function takeForm(
  bucket: Bucket,
  { headers, body }: StorageRequest,
  check: { signers: Signers; nowMs: number },
): StorageAnswer {
  const { fields, file } = formOf(body, headers["content-type"] ?? "");
  if (file === undefined)
    throw new StorageRefusal(400, "POST requires exactly one file upload per request.", {
      code: "IncorrectNumberOfFilesInPostRequest",
    });
  verifyPolicy(fields, { bucket: bucket.name, fileBytes: file.length }, check);
  const name = fields.key ?? "";
  const metadata = Object.entries(fields).filter(([field]) => field.startsWith("x-goog-meta-"));
  const object = bucket.put(name, file, {
    contentType: fields["content-type"] ?? "application/octet-stream",
    ...(fields["cache-control"] === undefined ? {} : { cacheControl: fields["cache-control"] }),
    metadata: Object.fromEntries(metadata.map(([field, value]) => [field.slice("x-goog-meta-".length), value])),
  });
  const etag = `"${Buffer.from(object.md5Hash, "base64").toString("hex")}"`;
  const status = Number(fields.success_action_status ?? 204);
  if (status !== 201) return { status: status === 200 ? 200 : 204, headers: { etag } };
  const location = `http://${headers.host}/${bucket.name}/${encodeURIComponent(name)}`;
  const told = { Location: location, Bucket: bucket.name, Key: name, ETag: etag };
  const xml = Object.entries(told).map(([tag, value]) => `<${tag}>${escaped(value)}</${tag}>`);
  return xmlAnswer(`<PostResponse>${xml.join("")}</PostResponse>`, 201, { etag, location });
}

/** Names of fields mean the same in any case; what comes after the file is not looked at. */
function formOf(body: Buffer, contentType: string): { fields: Record<string, string>; file: Buffer | undefined } {
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (boundary === undefined)
    throw new StorageRefusal(400, "The body of your POST request is not well-formed multipart/form-data.", {
      code: "MalformedPOSTRequest",
    });
  const fields: Record<string, string> = {};
  for (const { headers, content } of splitParts(body, boundary)) {
    const name = (/name="([^"]*)"/.exec(headers["content-disposition"] ?? "")?.[1] ?? "").toLowerCase();
    if (name === "file") return { fields, file: content };
    fields[name] = content.toString();
  }
  return { fields, file: undefined };
}

function preflight(bucket: Bucket, request: StorageRequest): StorageAnswer {
  const wanted = request.headers["access-control-request-method"] ?? "";
  return { status: 200, headers: crossOrigin(bucket, request, wanted) };
}

/** Empty where no rule of the bucket lets this origin do this: the browser then keeps the answer from the page. */
function crossOrigin(bucket: Bucket, { method, headers }: StorageRequest, wanted = method): Record<string, string> {
  const { origin } = headers;
  if (origin === undefined) return {};
  const rule = (bucket.settings.cors ?? []).find(
    (each) =>
      each.method?.some((one) => one === wanted || one === "*") &&
      each.origin?.some((one) => one === "*" || one === origin),
  );
  if (rule === undefined) return {};
  const exposed = (rule.responseHeader ?? []).join(", ");
  const common = {
    "access-control-allow-origin": rule.origin?.includes("*") ? "*" : origin,
    "access-control-expose-headers": exposed,
    vary: "Origin",
  };
  if (method !== "OPTIONS") return common;
  const asked = (headers["access-control-request-headers"] ?? "").split(",").map((name) => name.trim().toLowerCase());
  const allowed = asked.filter((name) => rule.responseHeader?.some((one) => one.toLowerCase() === name));
  return {
    ...common,
    "access-control-allow-methods": (rule.method ?? []).join(","),
    "access-control-allow-headers": allowed.join(","),
    "access-control-max-age": String(rule.maxAgeSeconds ?? 3600),
  };
}
