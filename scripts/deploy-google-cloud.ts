import { randomBytes } from "node:crypto";
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { deploymentPlan, leftOut } from "./google-cloud/plan.ts";
import { printPlan, runGcloud, StepFailed, takeSteps } from "./google-cloud/run-plan.ts";
import { DeploymentError, readDeployment } from "./google-cloud/settings.ts";

/**
 * Puts the app on Google Cloud, or brings what is there up to date: `node --env-file=.env.deployment
 * scripts/deploy-google-cloud.ts`, with `--dry-run` to see the commands only, and `--alert-email` (or ALERT_EMAIL) for who
 * is told of alarms. It can be run again at any time, also after it failed half way. docs/deployment.md tells the whole way.
 */
const say = (line: string) => void process.stdout.write(`${line}\n`);

const isUnknownFlag = (error: unknown): error is Error =>
  error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");

function main(): void {
  const commit = spawnSync("git", ["rev-parse", "--short=12", "HEAD"], { encoding: "utf8" });
  const tag = commit.status === 0 ? { IMAGE_TAG: commit.stdout.trim() } : {};
  const password = randomBytes(24).toString("base64url");
  const { values: flags } = parseArgs({
    options: { "dry-run": { type: "boolean" }, "alert-email": { type: "string" } },
  });
  const isDryRun = flags["dry-run"] === true;
  const told = flags["alert-email"] === undefined ? {} : { ALERT_EMAIL: flags["alert-email"] };
  const given = { ...tag, ...process.env, ...told };
  const deployment = readDeployment(given, isDryRun ? "A-NEW-PASSWORD" : password);
  const plan = deploymentPlan(deployment);
  try {
    if (isDryRun) printPlan(plan, say);
    else takeSteps(plan, { run: runGcloud, say });
  } finally {
    for (const line of leftOut(deployment)) say(`# ${line}`);
  }
}

try {
  main();
} catch (error) {
  if (!(error instanceof DeploymentError || error instanceof StepFailed || isUnknownFlag(error))) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
