import { Bucket, type BucketSettings, type StoredObject, type WritableMetadata } from "./buckets.ts";
import { mediaAnswer } from "./media.ts";
import { jsonAnswer, StorageRefusal, type StorageAnswer, type StorageRequest } from "./wire.ts";

/** The JSON interface without its uploads: buckets, their rules and policy, objects, lists, copies. */
export type Buckets = Map<string, Bucket>;

export function jsonApi(buckets: Buckets, request: StorageRequest, nowMs: () => number): StorageAnswer {
  const parts = request.rawPath.slice("/storage/v1/".length).split("/").map(decodeURIComponent);
  const [kind, bucketName, noun, objectName, deed, , targetBucket, , targetName] = parts;
  if (kind !== "b") throw new StorageRefusal(404, "Not Found");
  if (bucketName === undefined) return createBucket(buckets, request, nowMs);
  const bucket = bucketNamed(buckets, bucketName);
  if (noun === undefined) return onBucket(buckets, bucket, request);
  if (noun === "iam") return onPolicy(bucket, request);
  if (noun !== "o") throw new StorageRefusal(404, "Not Found");
  if (objectName === undefined) return listObjects(bucket, request.query);
  if (deed === "rewriteTo" || deed === "copyTo") {
    const target = { bucket: bucketNamed(buckets, targetBucket ?? ""), name: targetName ?? "" };
    return copy(bucket.get(objectName, request.query.get("sourceGeneration")), target, {
      request,
      isRewrite: deed === "rewriteTo",
    });
  }
  return onObject(bucket, objectName, request);
}

export function bucketNamed(buckets: Buckets, name: string): Bucket {
  const bucket = buckets.get(name);
  if (bucket === undefined)
    throw new StorageRefusal(404, "The specified bucket does not exist.", { code: "NoSuchBucket" });
  return bucket;
}

function createBucket(buckets: Buckets, request: StorageRequest, nowMs: () => number): StorageAnswer {
  if (request.method === "GET")
    return jsonAnswer({ kind: "storage#buckets", items: [...buckets.values()].map(bucketResource) });
  const { name, ...settings } = JSON.parse(request.body.toString()) as BucketSettings & { name: string };
  if (!/^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/.test(name))
    throw new StorageRefusal(400, `Invalid bucket name: '${name}'`);
  if (buckets.has(name))
    throw new StorageRefusal(409, "Your previous request to create the named bucket succeeded and you already own it.");
  const bucket = new Bucket(name, settings, nowMs);
  buckets.set(name, bucket);
  return jsonAnswer(bucketResource(bucket));
}

function onBucket(buckets: Buckets, bucket: Bucket, { method, query, body }: StorageRequest): StorageAnswer {
  if (method === "DELETE") {
    if (bucket.objects.size > 0) throw new StorageRefusal(409, "The bucket you tried to delete is not empty.");
    buckets.delete(bucket.name);
    return { status: 204 };
  }
  if (method === "PATCH" || method === "PUT")
    bucket.patch(JSON.parse(body.toString()) as BucketSettings, query.get("ifMetagenerationMatch"));
  return jsonAnswer(bucketResource(bucket));
}

const publicBinding = { role: "roles/storage.objectViewer", members: ["allUsers"] };

/** Of a bucket's policy only this is known: whether anybody may read. */
function onPolicy(bucket: Bucket, { method, body }: StorageRequest): StorageAnswer {
  if (method === "PUT") {
    const { bindings = [] } = JSON.parse(body.toString()) as { bindings?: { role: string; members: string[] }[] };
    const isPublic = bindings.some(({ members }) => members.some((member) => member.startsWith("all")));
    if (isPublic && bucket.settings.iamConfiguration?.publicAccessPrevention === "enforced")
      throw new StorageRefusal(
        412,
        "The member bindings allUsers and allAuthenticatedUsers are not allowed since public access prevention is enforced.",
      );
    bucket.isPublic = isPublic;
  }
  return jsonAnswer({
    kind: "storage#policy",
    etag: "CAE=",
    version: 1,
    bindings: bucket.isPublic ? [publicBinding] : [],
  });
}

function listObjects(bucket: Bucket, query: URLSearchParams): StorageAnswer {
  const prefix = query.get("prefix") ?? "";
  const size = Math.min(1000, Number(query.get("maxResults") ?? 1000));
  const from = Buffer.from(query.get("pageToken") ?? "", "base64url").toString();
  const isSoftDeleted = query.get("softDeleted") === "true";
  const all = isSoftDeleted ? bucket.softDeleted : [...bucket.objects.values()];
  const found = all.filter(({ name }) => name.startsWith(prefix) && name > from).sort(byName);
  const page = found.slice(0, size);
  const last = page.at(-1);
  return jsonAnswer({
    kind: "storage#objects",
    items: page.map((object) => onlyFields(objectResource(bucket.name, object), query.get("fields"))),
    ...(found.length > size && last !== undefined
      ? { nextPageToken: Buffer.from(last.name).toString("base64url") }
      : {}),
  });
}

/** Of `fields` this form is known: `items(name,size),nextPageToken`. */
function onlyFields(resource: object, fields: string | null): object {
  const wanted = /items\(([^)]*)\)/.exec(fields ?? "")?.[1]?.split(",");
  return Object.fromEntries(Object.entries(resource).filter(([name]) => wanted?.includes(name) ?? true));
}

/** Cloud Storage lists by the bytes of the names. */
const byName = (a: StoredObject, b: StoredObject): number => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name));

function onObject(bucket: Bucket, name: string, request: StorageRequest): StorageAnswer {
  const { method, query, headers, body } = request;
  const conditions = {
    ifGenerationMatch: query.get("ifGenerationMatch"),
    ifMetagenerationMatch: query.get("ifMetagenerationMatch"),
  };
  if (method === "DELETE") {
    bucket.delete(name, { ...conditions, generation: query.get("generation") });
    return { status: 204 };
  }
  if (method === "PATCH") {
    const changed = bucket.describe(name, JSON.parse(body.toString()) as WritableMetadata, conditions);
    return jsonAnswer(objectResource(bucket.name, changed));
  }
  const object = bucket.get(name, query.get("generation"));
  return query.get("alt") === "media"
    ? mediaAnswer(object, headers.range)
    : jsonAnswer(objectResource(bucket.name, object));
}

function copy(
  source: StoredObject,
  target: { bucket: Bucket; name: string },
  { request, isRewrite }: { request: StorageRequest; isRewrite: boolean },
): StorageAnswer {
  const given = request.body.length > 0 ? (JSON.parse(request.body.toString()) as WritableMetadata) : {};
  const { contentType, cacheControl, customTime, metadata } = { ...source, ...given };
  const kept = { contentType, cacheControl, customTime, metadata };
  const conditions = { ifGenerationMatch: request.query.get("ifGenerationMatch") };
  const object = target.bucket.put(
    target.name,
    source.bytes,
    JSON.parse(JSON.stringify(kept)) as WritableMetadata,
    conditions,
  );
  const resource = objectResource(target.bucket.name, object);
  const size = String(object.bytes.length);
  return jsonAnswer(
    isRewrite
      ? { kind: "storage#rewriteResponse", done: true, totalBytesRewritten: size, objectSize: size, resource }
      : resource,
  );
}

const bucketResource = (bucket: Bucket): object => ({
  kind: "storage#bucket",
  id: bucket.name,
  name: bucket.name,
  timeCreated: bucket.timeCreated,
  metageneration: String(bucket.metageneration),
  storageClass: "STANDARD",
  ...bucket.settings,
});

export function objectResource(
  bucketName: string,
  { bytes, generation, metageneration, ...object }: StoredObject,
): object {
  return {
    kind: "storage#object",
    id: `${bucketName}/${object.name}/${generation}`,
    bucket: bucketName,
    ...object,
    generation: String(generation),
    metageneration: String(metageneration),
    size: String(bytes.length),
    storageClass: "STANDARD",
    etag: `${object.crc32c}/${metageneration}`,
  };
}
