import { describe, expect, it } from "vitest";
import { previewBucketRules, privateBucketRules, type BucketState } from "#app/adapters/gcs/bucket-rules.ts";
import { openCloudStorage } from "#app/adapters/gcs/open-cloud-storage.ts";
import { openFakeGcs, fakeBucket } from "#test/builders/gcs.ts";
import { examine } from "./examine.ts";
import { bucketChecks, firestoreCheck, modelCheck, type BucketLook, type ModelProbe } from "./google-checks.ts";

const nowMs = Date.parse("2026-11-24T12:00:00Z");
const clock = { nowMs: () => nowMs, now: () => new Date(nowMs) };

describe("a model", () => {
  const look = async (probe: ModelProbe) => {
    const [finding] = await examine([modelCheck({ model: "m-1", probe, clock })], { deadlineMs: 1_000 });
    return finding!;
  };
  it.each([
    [undefined, "ok"],
    ["2027-06-01", "ok"],
    ["2027-01-10", "ok"],
    ["2027-01-09", "warning"],
    ["soon", "ok"],
    ["2026-11-25", "warning"],
    ["2026-11-24", "failed"],
    ["2026-01-01", "failed"],
  ])("that ends %s: %s", async (retirementTime, state) => {
    const probe = async () => ({ ok: true, said: "m-1 is there", ...(retirementTime ? { retirementTime } : {}) });
    expect(await look(probe)).toMatchObject({ name: "model m-1", state });
  });

  it("that has ended says so, also when it does not answer any more", async () => {
    const probe = async () => ({ ok: false, said: "NOT_FOUND", retirementTime: "2026-11-20" });
    expect(await look(probe)).toMatchObject({ state: "failed", said: "NOT_FOUND; it ended on 2026-11-20" });
  });

  it("that does not answer has failed, with what Google said", async () => {
    expect(await look(async () => ({ ok: false, said: "API key not valid" }))).toMatchObject({
      state: "failed",
      said: "API key not valid",
      toDo: expect.stringContaining("GEMINI_API_KEY") as string,
    });
  });
});

describe("buckets", () => {
  const states: Record<string, BucketState> = { secret: privateBucketRules, shown: previewBucketRules };
  const look = (part: Partial<BucketLook>) => {
    const well: BucketLook = { describe: async (bucket) => states[bucket]!, listAsStranger: async () => 401 };
    return examine(bucketChecks({ private: "secret", previews: "shown" }, { ...well, ...part }), { deadlineMs: 1_000 });
  };

  it("that are as the rules want them are well", async () => {
    expect((await look({})).map(({ state }) => state)).toEqual(["ok", "ok"]);
  });

  it("are held against their own rules, not each other's", async () => {
    const crossed = await look({ describe: async (bucket) => states[bucket === "secret" ? "shown" : "secret"]! });
    expect(crossed.map(({ state }) => state)).toEqual(["failed", "failed"]);
  });

  it("that keep what was deleted are named with what to do", async () => {
    const kept = { ...privateBucketRules, softDeletePolicy: { retentionDurationSeconds: 604_800 } };
    const [finding] = await look({ describe: async () => kept });
    expect(finding).toMatchObject({ state: "failed", said: expect.stringContaining("soft delete") as string });
    expect(finding).toMatchObject({ toDo: expect.stringContaining("deploy-google-cloud") as string });
  });

  it("that everybody can list have failed, whatever else is right", async () => {
    const [, shown] = await look({ listAsStranger: async (bucket) => (bucket === "shown" ? 200 : 401) });
    expect(shown).toMatchObject({ state: "failed", said: "everybody can list shown" });
  });

  it.each([
    [404, "failed"],
    [403, "warning"],
    [undefined, "failed"],
  ])("that answer %s: %s", async (code, state) => {
    const describe = () => Promise.reject(Object.assign(new Error("no"), { code }));
    expect((await look({ describe }))[0]).toMatchObject({ state });
  });

  it("are read through the real SDK", async () => {
    const { fake, close } = await openFakeGcs();
    const describe = async (bucket: string) => {
      const at = { projectId: "test-project", bucket, apiEndpoint: fake.url, credentials: fake.credentials };
      const [metadata] = await openCloudStorage(at).getMetadata();
      return metadata as BucketState;
    };
    const listAsStranger = async () => 401;
    const found = await examine(
      bucketChecks({ private: fakeBucket, previews: "not-there" }, { describe, listAsStranger }),
      {
        deadlineMs: 5_000,
      },
    );
    expect(found.map(({ state, said }) => [state, said])).toEqual([
      ["ok", `${fakeBucket} is as the rules want it`],
      ["failed", "there is no bucket not-there"],
    ]);
    await close();
  });
});

describe("Firestore", () => {
  const look = async (reach: (() => Promise<boolean>) | null) =>
    (await examine([firestoreCheck({ database: "pets", reach })], { deadlineMs: 1_000 }))[0]?.state;
  it("answers, does not, or is not in use", async () => {
    expect(await look(async () => true)).toBe("ok");
    expect(await look(async () => false)).toBe("failed");
    expect(await look(null)).toBe("skipped");
  });
});
