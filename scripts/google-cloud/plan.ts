import { accountSteps, rightsSteps } from "./accounts.ts";
import { alarmSteps, metricSteps } from "./alarm-policies.ts";
import { bucketSteps } from "./buckets.ts";
import { environmentFlags } from "./environment.ts";
import { examinationSteps, firstExamination } from "./examination.ts";
import { appMemoryMiB, type Deployment } from "./settings.ts";
import type { Flag, Gcloud, Step } from "./step.ts";
import { cloudSqlSteps, firestoreSteps, secretSteps } from "./stores.ts";

/** The whole deployment, in order: what is needed stands before what needs it. */
export function deploymentPlan(to: Deployment): Step[] {
  return [
    servicesStep(to),
    ...accountSteps(to),
    // Early, because a new metric takes minutes until an alarm may name it.
    ...metricSteps(to),
    ...bucketSteps(to),
    ...firestoreSteps(to),
    ...cloudSqlSteps(to),
    ...secretSteps(to),
    ...rightsSteps(to),
    ...imageSteps(to),
    serviceStep(to),
    ...examinationSteps(to),
    ...alarmSteps(to),
    firstExamination(to),
  ];
}

/** What somebody might look for in the plan and not find. */
export function leftOut({ alertEmail }: Pick<Deployment, "alertEmail">): string[] {
  return [
    ...(alertEmail === null
      ? ["No ALERT_EMAIL was given: alarms open incidents in Cloud Monitoring, and NOBODY IS TOLD of them."]
      : []),
    "No schedule for sweeps and resumptions: they run inside the service, which always has an instance with its processor on.",
    "No end-to-end HTTP/2: the app speaks HTTP/1.1, whose 32 MiB for a request are more than a photo may have.",
    "No CDN in front of the previews: put one there and name it in PREVIEWS_URL.",
  ];
}

const projectFlag = (to: Deployment): Flag => ["--project", to.project];

function servicesStep(to: Deployment): Step {
  const names = ["run", "artifactregistry", "cloudbuild", "storage", "secretmanager", "iamcredentials"];
  names.push("cloudscheduler", "logging", "monitoring");
  if (to.firestore !== null) names.push("firestore");
  if (to.cloudSql !== null) names.push("sqladmin");
  if (to.vertex) names.push("aiplatform");
  const apis = names.map((name) => `${name}.googleapis.com`);
  return { name: "services", settle: [{ command: "services enable", names: apis, flags: [projectFlag(to)] }] };
}

function imageSteps(to: Deployment): Step[] {
  const at: Flag[] = [["--location", to.region], projectFlag(to)];
  const build: Gcloud = { command: "builds submit", names: ["."], flags: [["--tag", to.image], projectFlag(to)] };
  return [
    {
      name: "the repository of images",
      look: { command: { command: "artifacts repositories describe", names: [to.repository], flags: at } },
      make: [
        {
          command: "artifacts repositories create",
          names: [to.repository],
          flags: [["--repository-format", "docker"], ...at],
        },
      ],
    },
    {
      name: "the image",
      look: { command: { command: "artifacts docker images describe", names: [to.image], flags: [projectFlag(to)] } },
      make: [build],
    },
  ];
}

/**
 * Between requests the processor stays on and an instance is always there: portraits are painted after their request has
 * been answered, and what is too old is swept without being asked.
 */
function serviceStep(to: Deployment): Step {
  const flags: Flag[] = [
    projectFlag(to),
    ["--region", to.region],
    ["--service-account", to.account],
    ["--ingress", "all"],
    // Shopify calls without an account of Google's; each request proves itself by its signature.
    "--allow-unauthenticated",
    "--no-cpu-throttling",
    ["--min", "1"],
    ["--max-instances", String(to.mostInstances)],
    ["--concurrency", "80"],
    ["--timeout", "60"],
    ["--execution-environment", "gen2"],
    ...(to.cloudSql === null ? [] : ([["--set-cloudsql-instances", to.cloudSql.connection]] as Flag[])),
    ...appContainer(to),
    ...cutoutContainer(to),
  ];
  return { name: "the service", settle: [{ command: "run deploy", names: [to.service], flags }] };
}

function appContainer(to: Deployment): Flag[] {
  return [
    ["--container", "app"],
    ["--image", to.image],
    ["--port", "8080"],
    ["--cpu", "2"],
    ["--memory", `${appMemoryMiB}Mi`],
    "--no-use-http2",
    ...environmentFlags(to),
    ["--startup-probe", "httpGet.path=/health,httpGet.port=8080,periodSeconds=3,timeoutSeconds=3,failureThreshold=40"],
    // Health asks the database too. A short outage of it must not restart what would come back by itself.
    [
      "--liveness-probe",
      "httpGet.path=/health,httpGet.port=8080,periodSeconds=30,timeoutSeconds=10,failureThreshold=10",
    ],
    ...(to.cutout === null ? [] : ([["--depends-on", "cutout"]] as Flag[])),
  ];
}

/** Beside the app, in the same instance: photos leave the machine for nobody, and nobody else can call it. */
function cutoutContainer({ cutout }: Deployment): Flag[] {
  if (cutout === null) return [];
  return [
    ["--container", "cutout"],
    ["--image", cutout.image],
    ["--cpu", "2"],
    ["--memory", "4Gi"],
    ["--startup-probe", `tcpSocket.port=${cutout.port},periodSeconds=5,timeoutSeconds=3,failureThreshold=48`],
  ];
}
