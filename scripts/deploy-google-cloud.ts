import { randomBytes } from "node:crypto";
import { spawnSync } from "node:child_process";
import { deploymentPlan, leftOut } from "./google-cloud/plan.ts";
import { printPlan, runGcloud, StepFailed, takeSteps } from "./google-cloud/run-plan.ts";
import { DeploymentError, readDeployment } from "./google-cloud/settings.ts";

/**
 * Puts the app on Google Cloud, or brings what is there up to date: `node --env-file=.env.deployment
 * scripts/deploy-google-cloud.ts`, with `--dry-run` to see the commands only. It can be run again at any time, also after
 * it failed half way. docs/deployment.md tells the whole way.
 */
const say = (line: string) => void process.stdout.write(`${line}\n`);

function main(): void {
  const commit = spawnSync("git", ["rev-parse", "--short=12", "HEAD"], { encoding: "utf8" });
  const tag = commit.status === 0 ? { IMAGE_TAG: commit.stdout.trim() } : {};
  const password = randomBytes(24).toString("base64url");
  const isDryRun = process.argv.includes("--dry-run");
  const plan = deploymentPlan(readDeployment({ ...tag, ...process.env }, isDryRun ? "A-NEW-PASSWORD" : password));
  if (isDryRun) printPlan(plan, say);
  else takeSteps(plan, { run: runGcloud, say });
  for (const line of leftOut) say(`# ${line}`);
}

try {
  main();
} catch (error) {
  if (!(error instanceof DeploymentError || error instanceof StepFailed)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
