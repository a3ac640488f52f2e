import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { alarmSteps, metricSteps } from "../../scripts/google-cloud/alarm-policies.ts";
import { examinationSteps } from "../../scripts/google-cloud/examination.ts";
import { runGcloud, takeSteps } from "../../scripts/google-cloud/run-plan.ts";
import { readDeployment } from "../../scripts/google-cloud/settings.ts";
import type { Step } from "../../scripts/google-cloud/step.ts";
import { hasGcloud } from "./gcloud-help.ts";

const to = readDeployment(
  {
    GOOGLE_CLOUD_PROJECT: "my-project",
    SHOPIFY_APP_URL: "https://pets.example.com",
    SHOPIFY_API_KEY: "0123456789abcdef0123456789abcdee",
    SHOPIFY_API_SECRET: "hush",
    ALERT_EMAIL: "ops@example.com",
  },
  "x",
);

/** One alarm of each kind, who is told, and the timer: gcloud takes its seconds for each command. */
const kinds = ["a portrait was given up", "the painter is down", "there was no daily examination"];
const steps = [...metricSteps(to), ...alarmSteps(to), ...examinationSteps(to)].filter(
  ({ name }) => /told|each day/.test(name) || kinds.some((kind) => name.endsWith(kind)),
);

let apis: ChildProcess;
let url: string;
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "gcloud-"));
  apis = spawn(process.execPath, [new URL("google-apis.ts", import.meta.url).pathname, "--new-metrics"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const port = await new Promise<string>((resolve) =>
    apis.stdout!.once("data", (data) => resolve(String(data).trim())),
  );
  url = `http://127.0.0.1:${port}/`;
  writeFileSync(join(folder, "token"), "nobody's");
});
afterEach(() => {
  apis.kill();
  rmSync(folder, { recursive: true });
  for (const name of Object.keys(settings())) delete process.env[name];
});

const settings = (): Record<string, string> => ({
  CLOUDSDK_CONFIG: folder,
  CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: join(folder, "token"),
  CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: "1",
  CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: "1",
  CLOUDSDK_API_ENDPOINT_OVERRIDES_MONITORING: url,
  CLOUDSDK_API_ENDPOINT_OVERRIDES_LOGGING: url,
  CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDSCHEDULER: url,
});

type Thing = { name: string; displayName?: string; notificationChannels?: string[]; [field: string]: unknown };
/** While gcloud is waited for, nobody here hears that a connection was closed. */
const ask = (path: string, init: RequestInit = {}) =>
  fetch(`${url}${path}`, { ...init, headers: { Connection: "close" } });
const everything = async () => (await (await ask("")).json()) as Thing[];

describe.skipIf(!hasGcloud)("gcloud itself, at a stand-in for Google's APIs", { timeout: 480_000 }, () => {
  it("makes alarms, their channel and the timer once, waits for a new metric, and leaves a channel that was added", async () => {
    Object.assign(process.env, settings());
    let waited = 0;
    const take = (some: Step[]) => takeSteps(some, { run: runGcloud, say: () => undefined, wait: () => void waited++ });
    take(steps);
    const first = await everything();
    const named = (part: string) => first.filter(({ name }) => name.includes(part));
    expect(
      named("/alertPolicies/")
        .map(({ displayName }) => displayName)
        .sort(),
    ).toEqual(kinds.map((kind) => `pet-portraits: ${kind}`).sort());
    const [channel] = named("/notificationChannels/");
    expect(channel).toMatchObject({ type: "email", labels: { email_address: "ops@example.com" } });
    for (const { notificationChannels } of named("/alertPolicies/"))
      expect(notificationChannels).toEqual([channel!.name]);
    expect(waited).toBe(1);
    expect(named("/jobs/")).toEqual([
      expect.objectContaining({
        schedule: "17 6 * * *",
        httpTarget: {
          httpMethod: "POST",
          uri: "https://run.googleapis.com/v2/projects/my-project/locations/europe-west1/jobs/pet-portraits-doctor:run",
          oauthToken: { serviceAccountEmail: "pet-portraits-timer@my-project.iam.gserviceaccount.com" },
        },
      }),
    ]);
    const byHand = "projects/my-project/notificationChannels/by-hand";
    const policy = named("/alertPolicies/")[0]!;
    await ask(`v3/${policy.name}`, {
      method: "PATCH",
      body: JSON.stringify({ notificationChannels: [byHand], documentation: { content: "another" } }),
    });
    take(
      steps.filter(({ name }) => /told|each day/.test(name) || policy.displayName!.endsWith(name.split(": ")[1] ?? "")),
    );
    const second = await everything();
    expect(second.map(({ name }) => name)).toEqual(first.map(({ name }) => name));
    const again = second.find(({ name }) => name === policy.name)!;
    expect(again.notificationChannels).toEqual([byHand, channel!.name]);
    expect(again.documentation).toEqual(policy.documentation);
  });
});
