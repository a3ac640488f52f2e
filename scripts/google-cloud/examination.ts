import { environmentFlags } from "./environment.ts";
import type { Deployment } from "./settings.ts";
import type { Flag, Step } from "./step.ts";

/**
 * The doctor looks at the deployment each day, as a job of the service's own image with the service's own settings, and
 * writes into the log what it finds. What the app does by itself is not started from here; this is for what an app cannot
 * see of itself: that nobody can reach it, that a bucket's rules were changed, that a model is about to end.
 */
const schedule = "17 6 * * *";

/** The checks are made at once and have twenty seconds each; the rest is for starting. */
const longestSeconds = 300;

export function examinationSteps(to: Deployment): Step[] {
  return [jobStep(to), mayStartStep(to), timerStep(to)];
}

function jobStep(to: Deployment): Step {
  const { job, account } = to.examination;
  const flags: Flag[] = [
    ["--project", to.project],
    ["--region", to.region],
    ["--service-account", account],
    ["--tasks", "1"],
    // One that has failed is told of; tried again it would be told of twice.
    ["--max-retries", "0"],
    ["--task-timeout", `${longestSeconds}s`],
    ...(to.cloudSql === null ? [] : ([["--set-cloudsql-instances", to.cloudSql.connection]] as Flag[])),
    ["--image", to.image],
    ["--command", "node"],
    ["--args", "scripts/doctor.ts,--log"],
    ["--cpu", "1"],
    ["--memory", "512Mi"],
    ...environmentFlags(to),
  ];
  return { name: "the daily examination", settle: [{ command: "run jobs deploy", names: [job], flags }] };
}

function mayStartStep({ project, region, examination: { job, timer } }: Deployment): Step {
  const flags: Flag[] = [
    ["--member", `serviceAccount:${timer}`],
    ["--role", "roles/run.invoker"],
    ["--region", region],
    ["--project", project],
  ];
  const command = "run jobs add-iam-policy-binding";
  return { name: "the timer may start the examination", settle: [{ command, names: [job], flags }] };
}

function timerStep({ project, region, examination: { job, timer } }: Deployment): Step {
  const at: Flag[] = [
    ["--location", region],
    ["--project", project],
  ];
  const what: Flag[] = [
    ["--schedule", schedule],
    ["--time-zone", "Etc/UTC"],
    ["--uri", `https://run.googleapis.com/v2/projects/${project}/locations/${region}/jobs/${job}:run`],
    ["--http-method", "post"],
    ["--oauth-service-account-email", timer],
    ["--max-retry-attempts", "3"],
    ["--description", "Has the doctor look at the deployment"],
  ];
  return {
    name: "it is started each day",
    look: { command: { command: "scheduler jobs describe", names: [job], flags: at } },
    make: [{ command: "scheduler jobs create http", names: [job], flags: [...what, ...at] }],
    settle: [{ command: "scheduler jobs update http", names: [job], flags: [...what, ...at] }],
  };
}

/** Everything is in place by now, so a deployment ends with proof, and the alarm for a day without one begins to count. */
export function firstExamination({ project, region, examination: { job } }: Deployment): Step {
  const flags: Flag[] = ["--wait", ["--region", region], ["--project", project]];
  return { name: "an examination now", settle: [{ command: "run jobs execute", names: [job], flags }] };
}
