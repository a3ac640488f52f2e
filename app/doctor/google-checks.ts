import {
  bucketProblems,
  previewBucketRules,
  privateBucketRules,
  type BucketRules,
  type BucketState,
} from "#app/adapters/gcs/bucket-rules.ts";
import type { Clock } from "#app/kernel/clock.ts";
import { retirementOf } from "#app/painters/models.ts";
import { failed, ok, skipped, warning, type Check, type Looked } from "./finding.ts";

export type ModelProbe = (model: string) => Promise<{ ok: boolean; said: string; retirementTime?: string }>;

/**
 * Address, key and model of a painter, proved by a call that costs nothing, and how long the model will be there: by our
 * own list, and by the provider where it says so. One that has ended says that too, because it explains the rest.
 */
export function modelCheck({ model, probe, clock }: { model: string; probe: ModelProbe; clock: Clock }): Check {
  return {
    name: `model ${model}`,
    async look() {
      const { ok: isThere, said, retirementTime } = await probe(model);
      const end = retirementOf(model, clock.nowMs(), retirementTime);
      if (end?.hasEnded) return failed(`${said}; it ended on ${end.endsOn}`, chooseAnother);
      if (!isThere) return failed(said, "Look at GEMINI_API_KEY or the project's Vertex AI, and at GEMINI_MODEL.");
      if (end === undefined) return ok(said);
      return end.isNear
        ? warning(`${said}; it ends on ${end.endsOn}, in ${end.daysLeft} days`, chooseAnother)
        : ok(`${said}, until ${end.endsOn}`);
    },
  };
}

const chooseAnother = "Choose another GEMINI_MODEL and look at its pictures and its price before that day.";

export type BucketLook = {
  /** What the bucket says of itself, to somebody who may ask. */
  describe(bucket: string): Promise<BucketState>;
  /** The status of listing its objects without saying who one is. */
  listAsStranger(bucket: string, signal: AbortSignal): Promise<number>;
};

/** The buckets against the rules that the deployment writes. */
export function bucketChecks(buckets: { private: string; previews: string }, look: BucketLook): Check[] {
  return [
    bucketCheck("private bucket", { bucket: buckets.private, rules: privateBucketRules, look }),
    bucketCheck("preview bucket", { bucket: buckets.previews, rules: previewBucketRules, look }),
  ];
}

function bucketCheck(name: string, of: { bucket: string; rules: BucketRules; look: BucketLook }): Check {
  const { bucket, rules, look } = of;
  return {
    name,
    async look(signal) {
      const listed = await look.listAsStranger(bucket, signal);
      if (listed === 200)
        return failed(
          `everybody can list ${bucket}`,
          "Take storage.objectViewer from allUsers and allAuthenticatedUsers.",
        );
      const state = await look.describe(bucket).catch((error: unknown) => error as { code?: number; message: string });
      return "message" in state ? cannotDescribe(bucket, state) : compared(bucket, bucketProblems(rules, state));
    },
  };
}

const runDeployment = "Run scripts/deploy-google-cloud.ts again: it sets the rules.";

function compared(bucket: string, problems: string[]): Looked {
  return problems.length === 0 ? ok(`${bucket} is as the rules want it`) : failed(problems.join("; "), runDeployment);
}

function cannotDescribe(bucket: string, { code, message }: { code?: number; message: string }): Looked {
  if (code === 404) return failed(`there is no bucket ${bucket}`, runDeployment);
  if (code === 401 || code === 403)
    return warning(
      `${bucket} does not show its rules to this account`,
      "Run the doctor as somebody with storage.buckets.get.",
    );
  return failed(message, "Look at GOOGLE_CLOUD_PROJECT and at this machine's credentials.");
}

/** @param reach - whether it answered; it ends what it has opened */
export function firestoreCheck({
  database,
  reach,
}: {
  database: string;
  reach: (() => Promise<boolean>) | null;
}): Check {
  return {
    name: "Firestore",
    async look() {
      if (reach === null) return skipped("quotas are held in the database");
      if (await reach()) return ok(`${database} answers`);
      return failed(`${database} does not answer`, "Look at FIRESTORE_DATABASE and the account's role datastore.user.");
    },
  };
}
