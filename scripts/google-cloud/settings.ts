import { describeSettings, readConfig } from "../../app/config.server.ts";

/**
 * What a deployment is told, from the same names that the app itself reads. Everything that is derived is derived here,
 * and the environment that the service will get is read by the app's own reader before anything is made with it.
 */
export type Deployment = {
  project: string;
  region: string;
  service: string;
  /** Account of the service, as a mail address. */
  account: string;
  image: string;
  repository: string;
  buckets: { private: string; previews: string };
  firestore: { database: string } | null;
  /** Null where DATABASE_URL is of another server. */
  cloudSql: { instance: string; connection: string; database: string; user: string } | null;
  vertex: boolean;
  cutout: { image: string; port: number; kind: string } | null;
  secrets: { name: string; variable: string; value: () => string }[];
  /** What the service is told that is no secret. */
  environment: Record<string, string>;
  mostInstances: number;
  databasePassword: string;
  /** The daily examination: the doctor's own account may see rules and no photo, the timer's may start the job and no more. */
  examination: { job: string; account: string; timer: string };
  /** Who is told of alarms; null for nobody. */
  alertEmail: string | null;
};

type Given = Record<string, string | undefined>;

/** What is missing or wrong, all of it. */
export class DeploymentError extends Error {
  override readonly name = "DeploymentError";
}

const appPort = 8080;
const defaultService = "pet-portraits";

/**
 * @param given - the environment, or an env file's
 * @param databasePassword - a new one; used only where the database's secret does not exist yet
 * @throws DeploymentError
 */
export function readDeployment(given: Given, databasePassword: string): Deployment {
  const needed = ["GOOGLE_CLOUD_PROJECT", "SHOPIFY_APP_URL", "SHOPIFY_API_KEY", "SHOPIFY_API_SECRET"];
  const problems = [...needed.filter((name) => !given[name]).map((name) => `${name} is not given`), ...wrongIn(given)];
  if (problems.length > 0) throw new DeploymentError(problems.join("\n"));
  const deployment = deploymentFrom(given, databasePassword);
  const secrets = deployment.secrets.map(({ variable, value }) => [variable, value()]);
  try {
    readConfig({ ...deployment.environment, ...(Object.fromEntries(secrets) as Given), PORT: String(appPort) });
  } catch (error) {
    throw new DeploymentError((error as Error).message);
  }
  return deployment;
}

/** What only Google would refuse, half way through. */
function wrongIn({ SERVICE_NAME = defaultService, ALERT_EMAIL }: Given): string[] {
  const problems: string[] = [];
  // Accounts are named after it, with an ending, and have at most 30 letters.
  if (!/^[a-z][a-z0-9-]{4,21}[a-z0-9]$/.test(SERVICE_NAME))
    problems.push("SERVICE_NAME: 6 to 23 small letters, digits and hyphens, a letter first");
  if (ALERT_EMAIL && !/^[^\s@"\\,=]+@[^\s@"\\,=]+$/.test(ALERT_EMAIL))
    problems.push("ALERT_EMAIL: one address, to which alarms are sent");
  return problems;
}

function deploymentFrom(given: Given, databasePassword: string): Deployment {
  const project = given.GOOGLE_CLOUD_PROJECT!;
  const region = given.GOOGLE_CLOUD_REGION ?? "europe-west1";
  const service = given.SERVICE_NAME ?? defaultService;
  const accountOf = (name: string) => `${name}@${project}.iam.gserviceaccount.com`;
  const repository = `${region}-docker.pkg.dev/${project}/${service}`;
  const buckets = {
    private: given.PRIVATE_BUCKET ?? `${project}-${service}-private`,
    previews: given.PREVIEW_BUCKET ?? `${project}-${service}-previews`,
  };
  const cloudSql = given.DATABASE_URL ? null : cloudSqlOf(`${project}:${region}:${service}`, service);
  const cutout = given.CUTOUT_IMAGE
    ? { image: given.CUTOUT_IMAGE, port: Number(given.CUTOUT_PORT ?? 7000), kind: given.BACKGROUND_REMOVER ?? "rembg" }
    : null;
  const usesFirestore = (given.QUOTA_STORE ?? "firestore") === "firestore";
  return {
    project,
    region,
    service,
    account: accountOf(service),
    image: `${repository}/app:${given.IMAGE_TAG ?? "latest"}`,
    repository: service,
    buckets,
    firestore: usesFirestore ? { database: given.FIRESTORE_DATABASE ?? service } : null,
    cloudSql,
    vertex: !given.GEMINI_API_KEY,
    cutout,
    secrets: secretsOf(given, { service, cloudSql, databasePassword }),
    environment: environmentOf(given, { project, buckets, cutout, usesFirestore, service }),
    mostInstances: Number(given.MOST_INSTANCES ?? 4),
    databasePassword,
    examination: {
      job: `${service}-doctor`,
      account: accountOf(`${service}-doctor`),
      timer: accountOf(`${service}-timer`),
    },
    alertEmail: given.ALERT_EMAIL || null,
  };
}

const cloudSqlOf = (connection: string, instance: string) => ({
  instance,
  connection,
  database: "pet_portraits",
  user: "app",
});

function secretsOf(
  given: Given,
  of: { service: string; cloudSql: Deployment["cloudSql"]; databasePassword: string },
): Deployment["secrets"] {
  const databaseUrl = () =>
    of.cloudSql === null
      ? given.DATABASE_URL!
      : `postgresql://${of.cloudSql.user}:${of.databasePassword}@/${of.cloudSql.database}?host=/cloudsql/${of.cloudSql.connection}`;
  return [
    { variable: "SHOPIFY_API_SECRET", value: () => given.SHOPIFY_API_SECRET! },
    { variable: "DATABASE_URL", value: databaseUrl },
    ...(given.GEMINI_API_KEY ? [{ variable: "GEMINI_API_KEY", value: () => given.GEMINI_API_KEY! }] : []),
  ].map((secret) => ({ ...secret, name: `${of.service}-${secret.variable.toLowerCase().replaceAll("_", "-")}` }));
}

/** Of the app's own container. */
export const appMemoryMiB = 2048;

/** Secret, or decided by what is deployed. Every other setting of the app is passed on as it is, where it is given. */
const notPassedOn = new Set([
  ...["SHOPIFY_API_SECRET", "GEMINI_API_KEY", "DATABASE_URL"],
  ...["PORT", "HOST", "DATA_DIR", "MEMORY_LIMIT_MB", "DEV_SERVER", "LOCAL_SHOPIFY_URL", "CUTOUT_URL"],
]);

function environmentOf(
  given: Given,
  of: Pick<Deployment, "project" | "buckets" | "cutout" | "service"> & { usesFirestore: boolean },
): Record<string, string> {
  const settings = describeSettings().map(({ name }) => name);
  const chosen = settings.filter((name) => given[name] && !notPassedOn.has(name)).map((name) => [name, given[name]!]);
  return {
    NODE_ENV: "production",
    ...(Object.fromEntries(chosen) as Record<string, string>),
    SHOPIFY_APP_URL: given.SHOPIFY_APP_URL!,
    SHOPIFY_API_KEY: given.SHOPIFY_API_KEY!,
    GOOGLE_CLOUD_PROJECT: of.project,
    PAINTER: given.PAINTER ?? "gemini",
    GALLERY: "cloud-storage",
    PRIVATE_BUCKET: of.buckets.private,
    PREVIEW_BUCKET: of.buckets.previews,
    QUOTA_STORE: of.usesFirestore ? "firestore" : "database",
    ...(of.usesFirestore ? { FIRESTORE_DATABASE: given.FIRESTORE_DATABASE ?? of.service } : {}),
    BACKGROUND_REMOVER: of.cutout?.kind ?? "classic",
    ...(of.cutout === null ? {} : { CUTOUT_URL: `http://127.0.0.1:${of.cutout.port}` }),
    // Cloud Run's front end adds the address that it was called from.
    FORWARDED_HOPS: given.FORWARDED_HOPS ?? "1",
    // Said, so that nothing hangs on whether the container can see its own limit.
    MEMORY_LIMIT_MB: String(appMemoryMiB),
  };
}
