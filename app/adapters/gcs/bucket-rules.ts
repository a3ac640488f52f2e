/**
 * What the two buckets must be like, as data: the deployment writes it and the doctor compares. The private one holds
 * photos, masters and uploads on their way; browsers come to it only by what we have signed. The one of previews is read
 * by everybody who has a name, and listed by nobody.
 *
 * Who deletes when is decided by the records, not here: a portrait may belong to two shoppers, and an order keeps one
 * longer. Each object carries the last day of which the house knows (`customTime`: 7 days for a guest, 180 for a
 * customer, later once it is used again or ordered; Cloud Storage lets it move forward only). These rules take what the
 * house has failed to take a good while after that day.
 */
export type BucketRules = {
  iamConfiguration: {
    uniformBucketLevelAccess: { enabled: boolean };
    publicAccessPrevention: "enforced" | "inherited";
  };
  softDeletePolicy: { retentionDurationSeconds: number };
  versioning: { enabled: boolean };
  lifecycle: { rule: LifecycleRule[] };
  cors: { origin: string[]; method: string[]; responseHeader: string[]; maxAgeSeconds: number }[];
};

export type LifecycleRule = {
  action: { type: "Delete" };
  condition: { age?: number; daysSinceCustomTime?: number; matchesPrefix: string[] };
};

/** What the names of the objects start with. */
export const keptPrefix = "shops/";
export const uploadsPrefix = "uploads/";

/** How long after its last day an object still lies there if the house did not delete it, days. */
export const graceDays = 7;

const pastItsLastDay: LifecycleRule = {
  action: { type: "Delete" },
  condition: { daysSinceCustomTime: graceDays, matchesPrefix: [keptPrefix] },
};
/** Uploads live for the minutes until they are taken in; a day is the shortest that a rule can say. */
const uploadsOfYesterday: LifecycleRule = {
  action: { type: "Delete" },
  condition: { age: 1, matchesPrefix: [uploadsPrefix] },
};

/** A bucket keeps what was deleted for a week unless it is told not to; "forgotten" would not be true for that week. */
const goneIsGone = { softDeletePolicy: { retentionDurationSeconds: 0 }, versioning: { enabled: false } };

export const privateBucketRules: BucketRules = Object.freeze({
  ...goneIsGone,
  iamConfiguration: { uniformBucketLevelAccess: { enabled: true }, publicAccessPrevention: "enforced" },
  lifecycle: { rule: [pastItsLastDay, uploadsOfYesterday] },
  // A progress bar makes the browser ask first. Any shop's page may: it is the signed form that lets somebody in.
  cors: [{ origin: ["*"], method: ["POST"], responseHeader: ["Content-Type"], maxAgeSeconds: 3600 }],
});

export const previewBucketRules: BucketRules = Object.freeze({
  ...goneIsGone,
  iamConfiguration: { uniformBucketLevelAccess: { enabled: true }, publicAccessPrevention: "inherited" },
  lifecycle: { rule: [pastItsLastDay] },
  cors: [{ origin: ["*"], method: ["GET", "HEAD"], responseHeader: ["Content-Type"], maxAgeSeconds: 3600 }],
});

/** Who may read previews. Not `objectViewer`: that one may also list, and a list of names is a list of portraits. */
export const previewReaders = Object.freeze({ role: "roles/storage.legacyObjectReader", members: ["allUsers"] });

/** What a bucket says of itself, as far as it matters here. */
export type BucketState = {
  iamConfiguration?: Loose<{
    uniformBucketLevelAccess: Loose<{ enabled: boolean }>;
    publicAccessPrevention: string;
  }>;
  softDeletePolicy?: Loose<{ retentionDurationSeconds: number | string }>;
  versioning?: Loose<{ enabled: boolean }>;
  lifecycle?: Loose<{ rule: unknown[] }> | null;
  cors?: unknown[] | undefined;
};

/** Whatever may be missing may also be there and undefined: that is how an SDK types an answer. */
type Loose<T> = { [Field in keyof T]?: T[Field] | undefined } | undefined;

/** What a bucket that says nothing of soft delete has, seconds. */
const usualRetention = 7 * 24 * 60 * 60;

/** @returns one sentence for everything in which the bucket is not as the rules want it; empty when all is well */
export function bucketProblems(rules: BucketRules, state: BucketState): string[] {
  const { iamConfiguration: access, softDeletePolicy, versioning, lifecycle, cors } = state;
  const found: [isWrong: boolean, sentence: string][] = [
    [
      (access?.publicAccessPrevention ?? "inherited") !== rules.iamConfiguration.publicAccessPrevention,
      `public access prevention is not "${rules.iamConfiguration.publicAccessPrevention}"`,
    ],
    [access?.uniformBucketLevelAccess?.enabled !== true, "objects can have access lists of their own"],
    [
      Number(softDeletePolicy?.retentionDurationSeconds ?? usualRetention) !== 0,
      "deleted objects are kept for a while (soft delete is on)",
    ],
    [versioning?.enabled === true, "older versions of objects are kept (versioning is on)"],
    [!isSameList(lifecycle?.rule ?? [], rules.lifecycle.rule), "the lifecycle rules are others"],
    [!isSameList(cors ?? [], rules.cors), "the rules for pages of other origins (CORS) are others"],
  ];
  return found.flatMap(([isWrong, sentence]) => (isWrong ? [sentence] : []));
}

const isSameList = (is: unknown[], wanted: unknown[]): boolean =>
  JSON.stringify(is.map(ordered).sort()) === JSON.stringify(wanted.map(ordered).sort());

/** JSON with the fields in order at every depth. */
const ordered = (value: unknown): string =>
  JSON.stringify(value, (_name, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
