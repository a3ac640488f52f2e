import {
  previewBucketRules,
  previewReaders,
  privateBucketRules,
  type BucketRules,
} from "../../app/adapters/gcs/bucket-rules.ts";
import type { Deployment } from "./settings.ts";
import type { Flag, Gcloud, Step } from "./step.ts";

/** The two buckets, made to the rules that the app has for them. */
export function bucketSteps(to: Deployment): Step[] {
  const previews = `gs://${to.buckets.previews}`;
  return [
    bucketStep(to, { name: "the private bucket", url: `gs://${to.buckets.private}`, rules: privateBucketRules }),
    bucketStep(to, { name: "the bucket of previews", url: previews, rules: previewBucketRules }),
    {
      name: "previews can be read by their address",
      settle: previewReaders.members.map((member) =>
        grant("storage buckets add-iam-policy-binding", previews, { member, role: previewReaders.role }),
      ),
    },
  ];
}

function bucketStep(to: Deployment, { name, url, rules }: { name: string; url: string; rules: BucketRules }): Step {
  const isPrivate = rules.iamConfiguration.publicAccessPrevention === "enforced";
  const flags: Flag[] = [
    "--uniform-bucket-level-access",
    isPrivate ? "--public-access-prevention" : "--no-public-access-prevention",
    ["--soft-delete-duration", `${rules.softDeletePolicy.retentionDurationSeconds}s`],
    ["--lifecycle-file", { content: rules.lifecycle }],
  ];
  const project: Flag = ["--project", to.project];
  return {
    name,
    look: { command: { command: "storage buckets describe", names: [url], flags: [project] } },
    // Soft delete is off from the first moment: what is deleted while it is on stays for its week.
    make: [{ command: "storage buckets create", names: [url], flags: [project, ["--location", to.region], ...flags] }],
    settle: [
      {
        command: "storage buckets update",
        names: [url],
        flags: [
          project,
          ...flags,
          rules.versioning.enabled ? "--versioning" : "--no-versioning",
          ["--cors-file", { content: rules.cors }],
        ],
      },
      grant("storage buckets add-iam-policy-binding", url, {
        member: `serviceAccount:${to.account}`,
        role: "roles/storage.objectUser",
      }),
      // Sees the rules, and neither the objects nor their names.
      grant("storage buckets add-iam-policy-binding", url, {
        member: `serviceAccount:${to.examination.account}`,
        role: "roles/storage.bucketViewer",
      }),
    ],
  };
}

/** Adding a binding that is there changes nothing. */
export function grant(command: string, name: string, { member, role }: { member: string; role: string }): Gcloud {
  const isProjects = command.startsWith("projects");
  return {
    command,
    names: [name],
    flags: [["--member", member], ["--role", role], ...(isProjects ? ([["--condition", "None"]] as Flag[]) : [])],
  };
}
