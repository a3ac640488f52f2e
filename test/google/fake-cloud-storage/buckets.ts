import { checksums } from "./checksums.ts";
import { dueObjects, type LifecycleRule } from "./lifecycle.ts";
import { StorageRefusal } from "./wire.ts";

/** The buckets and what lies in them, in memory, with Cloud Storage's rules about names, generations and preconditions. */
export type BucketSettings = {
  lifecycle?: { rule: LifecycleRule[] };
  softDeletePolicy?: { retentionDurationSeconds: string; effectiveTime?: string };
  cors?: { origin?: string[]; method?: string[]; responseHeader?: string[]; maxAgeSeconds?: number }[];
  iamConfiguration?: {
    uniformBucketLevelAccess?: { enabled: boolean };
    publicAccessPrevention?: "enforced" | "inherited";
  };
  versioning?: { enabled: boolean };
  location?: string;
};

export type WritableMetadata = {
  contentType?: string;
  cacheControl?: string;
  contentEncoding?: string;
  contentDisposition?: string;
  customTime?: string;
  metadata?: Record<string, string | null>;
};

export type StoredObject = WritableMetadata & {
  name: string;
  bytes: Buffer;
  md5Hash: string;
  crc32c: string;
  generation: number;
  metageneration: number;
  timeCreated: string;
  updated: string;
};

/** As they come in a query: text, absent where nothing was asked. */
export type Preconditions = {
  ifGenerationMatch?: string | null;
  ifMetagenerationMatch?: string | null;
};

/** Of the names and values of an object's own metadata together, bytes. */
const maxMetadataBytes = 8 * 1024;

export class Bucket {
  readonly name: string;
  readonly objects = new Map<string, StoredObject>();
  /** What a soft delete policy still holds, oldest first. */
  readonly softDeleted: StoredObject[] = [];
  readonly timeCreated: string;
  settings: BucketSettings;
  metageneration = 1;
  /** Set through the bucket's IAM policy: anybody may read. */
  isPublic = false;
  readonly #nowMs: () => number;
  static #lastGeneration = 0;

  constructor(name: string, settings: BucketSettings, nowMs: () => number) {
    this.name = name;
    // A week of soft delete is what a bucket gets that does not ask for anything else.
    this.settings = { location: "US", softDeletePolicy: { retentionDurationSeconds: "604800" }, ...settings };
    this.timeCreated = new Date(nowMs()).toISOString();
    this.#nowMs = nowMs;
  }

  patch(settings: BucketSettings, ifMetagenerationMatch: string | null): void {
    if (ifMetagenerationMatch !== null && Number(ifMetagenerationMatch) !== this.metageneration)
      throw conditionNotMet();
    this.settings = { ...this.settings, ...settings };
    this.metageneration += 1;
  }

  /** @throws StorageRefusal 404 where there is none, or none of that generation */
  get(name: string, generation: string | null = null): StoredObject {
    const object = this.objects.get(name);
    if (object === undefined || (generation !== null && Number(generation) !== object.generation)) {
      throw new StorageRefusal(404, `No such object: ${this.name}/${name}`);
    }
    return object;
  }

  put(
    name: string,
    bytes: Buffer,
    { md5Hash, crc32c, ...metadata }: WritableMetadata & { md5Hash?: string; crc32c?: string },
    conditions: Preconditions = {},
  ): StoredObject {
    refuseName(name);
    refuseMetadata(metadata.metadata ?? {});
    const sums = checksums(bytes);
    if (crc32c !== undefined && crc32c !== sums.crc32c) throw mismatch("CRC32C", crc32c, sums.crc32c);
    if (md5Hash !== undefined && md5Hash !== sums.md5Hash) throw mismatch("MD5 hash", md5Hash, sums.md5Hash);
    this.#check(name, conditions);
    const now = new Date(this.#nowMs()).toISOString();
    // Microseconds since the epoch, and never the same twice.
    Bucket.#lastGeneration = Math.max(Bucket.#lastGeneration + 1, this.#nowMs() * 1000);
    const generation = Bucket.#lastGeneration;
    const object = { ...metadata, name, bytes, ...sums, generation, metageneration: 1, timeCreated: now, updated: now };
    this.#bury(this.objects.get(name));
    this.objects.set(name, object);
    return object;
  }

  /** Changes what was given and drops what was given as null. A custom time never goes back. */
  describe(name: string, change: WritableMetadata, conditions: Preconditions): StoredObject {
    const object = this.get(name);
    this.#check(name, conditions);
    const { customTime } = change;
    if (
      customTime !== undefined &&
      object.customTime !== undefined &&
      Date.parse(customTime) < Date.parse(object.customTime)
    ) {
      throw new StorageRefusal(400, "Custom time cannot be set to an earlier time.");
    }
    const merged = Object.entries({ ...object.metadata, ...change.metadata }).filter(([, value]) => value !== null);
    const metadata = Object.fromEntries(merged);
    refuseMetadata(metadata);
    const updated = new Date(this.#nowMs()).toISOString();
    const changed = { ...object, ...change, metadata, metageneration: object.metageneration + 1, updated };
    this.objects.set(name, changed);
    return changed;
  }

  delete(name: string, conditions: Preconditions & { generation?: string | null }): void {
    const object = this.get(name, conditions.generation ?? null);
    this.#check(name, conditions);
    this.objects.delete(name);
    this.#bury(object);
  }

  /** The names that the lifecycle rules would delete at that time, sorted. Nothing is deleted. */
  wouldBeDeletedAt(atMs: number): string[] {
    const rules = this.settings.lifecycle?.rule ?? [];
    return dueObjects(rules, [...this.objects.values()], atMs).sort();
  }

  #check(name: string, { ifGenerationMatch, ifMetagenerationMatch }: Preconditions): void {
    const object = this.objects.get(name);
    const matches = (wanted: string | null | undefined, is: number): boolean =>
      wanted === undefined || wanted === null || Number(wanted) === is;
    if (!matches(ifGenerationMatch, object?.generation ?? 0)) throw conditionNotMet();
    if (!matches(ifMetagenerationMatch, object?.metageneration ?? 0)) throw conditionNotMet();
  }

  #bury(object: StoredObject | undefined): void {
    const seconds = Number(this.settings.softDeletePolicy?.retentionDurationSeconds ?? 0);
    if (object !== undefined && seconds > 0) this.softDeleted.push(object);
  }
}

function refuseName(name: string): void {
  const bytes = Buffer.byteLength(name);
  if (bytes === 0 || bytes > 1024 || /[\r\n]/.test(name) || name === "." || name === "..")
    throw new StorageRefusal(400, `Invalid object name: ${JSON.stringify(name.slice(0, 100))}`);
}

function refuseMetadata(metadata: Record<string, string | null>): void {
  const bytes = Object.entries(metadata).reduce((sum, pair) => sum + Buffer.byteLength(pair.join("")), 0);
  if (bytes > maxMetadataBytes) throw new StorageRefusal(400, "The metadata of an object may have at most 8 KiB.");
}

export const conditionNotMet = (): StorageRefusal =>
  new StorageRefusal(412, "At least one of the pre-conditions you specified did not hold.");

const mismatch = (what: string, given: string, is: string): StorageRefusal =>
  new StorageRefusal(400, `Provided ${what} "${given}" doesn't match calculated ${what} "${is}".`);
