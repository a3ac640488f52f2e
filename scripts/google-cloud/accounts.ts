import { grant } from "./buckets.ts";
import type { Deployment } from "./settings.ts";
import type { Flag, Step } from "./step.ts";

const projectFlag = (to: Deployment): Flag => ["--project", to.project];

/** One account for each of those who do something, so that each may do its own and no more. */
export function accountSteps(to: Deployment): Step[] {
  return [
    accountStep(to, { address: to.account, name: "the account that the service runs as", shown: "Pet Portraits" }),
    accountStep(to, {
      address: to.examination.account,
      name: "the account that the doctor runs as",
      shown: "Pet Portraits, doctor",
    }),
    accountStep(to, {
      address: to.examination.timer,
      name: "the account that starts the doctor",
      shown: "Pet Portraits, timer",
    }),
  ];
}

function accountStep(to: Deployment, account: { address: string; name: string; shown: string }): Step {
  const { address, name, shown } = account;
  return {
    name,
    look: { command: { command: "iam service-accounts describe", names: [address], flags: [projectFlag(to)] } },
    make: [
      {
        command: "iam service-accounts create",
        names: [address.split("@")[0]!],
        flags: [["--display-name", shown], projectFlag(to)],
      },
    ],
  };
}

/** Rights that are the project's and not a single bucket's or secret's: only those of what is in use. */
export function rightsSteps(to: Deployment): Step[] {
  const rights = [
    ...rightsOf(to, { account: to.account, firestore: "roles/datastore.user" }),
    ...rightsOf(to, { account: to.examination.account, firestore: "roles/datastore.viewer" }),
  ];
  const ofProject = rights.map((right) => grant("projects add-iam-policy-binding", to.project, right));
  return [
    ...(ofProject.length === 0 ? [] : [{ name: "rights in the project", settle: ofProject }]),
    {
      name: "the account signs addresses as itself",
      settle: [
        {
          command: "iam service-accounts add-iam-policy-binding",
          names: [to.account],
          flags: [
            ["--member", `serviceAccount:${to.account}`],
            ["--role", "roles/iam.serviceAccountTokenCreator"],
            projectFlag(to),
          ],
        },
      ],
    },
  ];
}

function rightsOf(to: Deployment, { account, firestore }: { account: string; firestore: string }) {
  const roles = [
    ...(to.firestore === null ? [] : [firestore]),
    ...(to.cloudSql === null ? [] : ["roles/cloudsql.client"]),
    ...(to.vertex ? ["roles/aiplatform.user"] : []),
  ];
  return roles.map((role) => ({ member: `serviceAccount:${account}`, role }));
}
