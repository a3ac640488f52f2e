import { describe, expect, it } from "vitest";
import { dueObjects } from "#test/google/fake-cloud-storage/lifecycle.ts";
import {
  bucketProblems,
  previewBucketRules,
  previewReaders,
  privateBucketRules,
  type BucketState,
} from "./bucket-rules.ts";
import { endOfDay } from "./object-facts.ts";

const dayMs = 86_400_000;
const madeMs = Date.parse("2026-11-24T15:30:00Z");
const object = (name: string, keptForDays?: number) => ({
  name,
  timeCreated: new Date(madeMs).toISOString(),
  ...(keptForDays === undefined ? {} : { customTime: endOfDay(madeMs + keptForDays * dayMs).toISOString() }),
});
const objects = [
  object("shops/a/photos/guest", 7),
  object("shops/a/photos/customer", 180),
  object("shops/a/portraits/ordered", 3650),
  object("shops/a/portraits/undated"),
  object("uploads/a/s-1/pht_1"),
];
const dueAfter = (days: number, rules = privateBucketRules) =>
  dueObjects(rules.lifecycle.rule, objects, madeMs + days * dayMs).sort();

describe("the lifecycle rules", () => {
  it("take uploads after a day", () => {
    expect(dueAfter(0.99)).toEqual([]);
    expect(dueAfter(1)).toEqual(["uploads/a/s-1/pht_1"]);
    expect(dueAfter(5, previewBucketRules)).toEqual([]);
  });

  it.each([
    ["a guest's photo", "shops/a/photos/guest", 7],
    ["a customer's photo", "shops/a/photos/customer", 180],
    ["what was ordered", "shops/a/portraits/ordered", 3650],
  ])("leave %s alone for its days and a week of grace, then take it", (_what, name, days) => {
    expect(dueAfter(days + 7)).not.toContain(name);
    expect(dueAfter(days + 8)).toContain(name);
    expect(dueAfter(days + 8, previewBucketRules)).toContain(name);
  });

  it("never take what carries no day", () => expect(dueAfter(100_000)).not.toContain("shops/a/portraits/undated"));
});

describe("what is wrong with a bucket", () => {
  const asSaid = (rules: object): BucketState => JSON.parse(JSON.stringify(rules)) as BucketState;
  const good = asSaid({ ...privateBucketRules, softDeletePolicy: { retentionDurationSeconds: "0" }, id: "x" });

  it("is nothing where it is as the rules say, in whatever order", () => {
    expect(bucketProblems(privateBucketRules, good)).toEqual([]);
    const rule = good.lifecycle?.rule?.toReversed() as object[];
    expect(bucketProblems(privateBucketRules, { ...good, lifecycle: { rule } })).toEqual([]);
    expect(bucketProblems(previewBucketRules, asSaid(previewBucketRules))).toEqual([]);
  });

  it("is everything where it was made with no settings", () => {
    expect(bucketProblems(privateBucketRules, {})).toEqual([
      'public access prevention is not "enforced"',
      "objects can have access lists of their own",
      "deleted objects are kept for a while (soft delete is on)",
      "the lifecycle rules are others",
      "the rules for pages of other origins (CORS) are others",
    ]);
  });

  it.each([
    ["versioning", { versioning: { enabled: true } }, /versioning/],
    ["soft delete", { softDeletePolicy: { retentionDurationSeconds: "604800" } }, /soft delete/],
    ["public access", { iamConfiguration: { publicAccessPrevention: "inherited" } }, /public access/],
    ["a rule too many", { lifecycle: { rule: [...privateBucketRules.lifecycle.rule, {}] } }, /lifecycle/],
    [
      "another day",
      { lifecycle: JSON.parse(JSON.stringify(privateBucketRules.lifecycle).replace("7", "1")) as object },
      /lifecycle/,
    ],
    ["another origin", { cors: [{ ...privateBucketRules.cors[0], origin: ["https://a.shop"] }] }, /CORS/],
  ])("is told of %s", (_what, change, sentence) => {
    expect(bucketProblems(privateBucketRules, { ...good, ...change })).toContainEqual(expect.stringMatching(sentence));
  });

  it("is that anybody could list the previews", () => {
    expect(previewReaders.role).not.toBe("roles/storage.objectViewer");
  });
});
