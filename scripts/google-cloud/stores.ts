import {
  quotaCollection,
  quotaFieldsWithoutIndex,
  quotaTtlField,
} from "../../app/adapters/firestore/quota-documents.ts";
import type { Deployment } from "./settings.ts";
import type { Flag, Gcloud, Step } from "./step.ts";

/** Firestore for quotas: the database, what deletes old documents, and the indexes that nobody would read. */
export function firestoreSteps(to: Deployment): Step[] {
  if (to.firestore === null) return [];
  const project: Flag = ["--project", to.project];
  const database: Flag = ["--database", to.firestore.database];
  const group: Flag[] = [["--collection-group", quotaCollection], database, project];
  return [
    {
      name: "the Firestore database",
      look: { command: { command: "firestore databases describe", flags: [database, project] } },
      make: [
        {
          command: "firestore databases create",
          flags: [database, ["--location", to.region], ["--type", "firestore-native"], "--delete-protection", project],
        },
      ],
    },
    {
      name: "documents of quotas expire",
      look: { command: { command: "firestore fields ttls list", flags: group }, says: `/fields/${quotaTtlField}` },
      make: [
        {
          command: "firestore fields ttls update",
          names: [quotaTtlField],
          flags: ["--enable-ttl", ...group],
        },
      ],
    },
    ...quotaFieldsWithoutIndex.map((field) => ({
      name: `no index on ${field}`,
      look: {
        command: { command: "firestore indexes fields list", flags: group },
        says: `/fields/${field}\n`,
      },
      make: [
        {
          command: "firestore indexes fields update",
          names: [field],
          flags: ["--disable-indexes", ...group],
        },
      ],
    })),
  ];
}

/** PostgreSQL for records and jobs. Nothing but Cloud SQL's own connector can reach it. */
export function cloudSqlSteps(to: Deployment): Step[] {
  if (to.cloudSql === null) return [];
  const { instance, database, user } = to.cloudSql;
  const at: Flag[] = [
    ["--instance", instance],
    ["--project", to.project],
  ];
  const list = (what: string, name: string): Gcloud => ({
    command: `sql ${what} list`,
    flags: [...at, ["--filter", `name=${name}`], ["--format", "value(name)"]],
  });
  return [
    {
      name: "the PostgreSQL server",
      look: { command: { command: "sql instances describe", names: [instance], flags: [["--project", to.project]] } },
      make: [{ command: "sql instances create", names: [instance], flags: serverFlags(to) }],
    },
    {
      name: "its database",
      look: { command: list("databases", database), says: database },
      make: [{ command: "sql databases create", names: [database], flags: at }],
    },
    {
      name: "its user",
      look: { command: list("users", user), says: user },
      make: [{ command: "sql users create", names: [user], flags: [...at, ["--password", to.databasePassword]] }],
    },
  ];
}

/** A hundred connections; an instance of the app holds up to twenty. */
const serverFlags = (to: Deployment): Flag[] => [
  ["--database-version", "POSTGRES_17"],
  ["--edition", "enterprise"],
  ["--cpu", "1"],
  ["--memory", "3840MiB"],
  ["--region", to.region],
  ["--connector-enforcement", "REQUIRED"],
  ["--backup-start-time", "03:00"],
  "--enable-point-in-time-recovery",
  // What a shopper had deleted is gone from the backups a week later.
  ["--retained-backups-count", "7"],
  ["--retained-transaction-log-days", "7"],
  "--storage-auto-increase",
  "--deletion-protection",
  ["--project", to.project],
];

/** Values come on standard input, so that they are in no command line, no log and no file. */
export function secretSteps(to: Deployment): Step[] {
  const project: Flag = ["--project", to.project];
  return to.secrets.flatMap(
    ({ name, variable, value }) =>
      [
        {
          name: `the secret ${variable}`,
          look: { command: { command: "secrets describe", names: [name], flags: [project] } },
          make: [{ command: "secrets create", names: [name], flags: [["--replication-policy", "automatic"], project] }],
          settle: [to.account, to.examination.account].map((account) => ({
            command: "secrets add-iam-policy-binding",
            names: [name],
            flags: [
              ["--member", `serviceAccount:${account}`],
              ["--role", "roles/secretmanager.secretAccessor"],
              project,
            ],
          })),
        },
        {
          name: `a value for ${variable}`,
          look: {
            command: {
              command: "secrets versions list",
              names: [name],
              flags: [["--filter", "state=ENABLED"], ["--format", "value(state)"], ["--limit", "1"], project],
            },
            says: "enabled",
          },
          make: [
            ...passwordFor(to, variable),
            { command: "secrets versions add", names: [name], flags: [["--data-file", "-"], project], input: value },
          ],
        },
      ] satisfies Step[],
  );
}

/** The address holds the password, so both are new together: a run that ended in between leaves nothing half known. */
function passwordFor({ cloudSql, databasePassword, project }: Deployment, variable: string): Gcloud[] {
  if (cloudSql === null || variable !== "DATABASE_URL") return [];
  const { instance, user } = cloudSql;
  return [
    {
      command: "sql users set-password",
      names: [user],
      flags: [
        ["--instance", instance],
        ["--password", databasePassword],
        ["--project", project],
      ],
    },
  ];
}
