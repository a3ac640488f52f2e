import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argumentsOf, lineOf, type Gcloud, type Look, type Step } from "./step.ts";

export type Answer = { status: number | null; output: string; error: string };
export type Run = (args: string[], input: string | undefined) => Answer;

/** A step that could not be taken; everything before it is done, and the next run goes on from here. */
export class StepFailed extends Error {
  override readonly name = "StepFailed";
}

/** Runs gcloud itself. That it asks no questions is said beside the command: behind `--container` it knows no `--quiet`. */
export const runGcloud: Run = (args, input) => {
  const { status, stdout, stderr, error } = spawnSync("gcloud", args, {
    input: input ?? "",
    env: { ...process.env, CLOUDSDK_CORE_DISABLE_PROMPTS: "1" },
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return { status, output: stdout ?? "", error: error === undefined ? stderr : error.message };
};

/** Prints what would be done: each step's look, and its commands behind it. */
export function printPlan(steps: Step[], say: (line: string) => void): void {
  for (const { name, look, make = [], settle = [] } of steps) {
    say(`# ${name}`);
    if (look !== undefined) say(`${lineOf(look.command)}  # is it there?`);
    for (const command of make) say(`${lineOf(command)}  # where it is not`);
    for (const command of settle) say(lineOf(command));
    say("");
  }
}

export type Running = { run: Run; say: (line: string) => void; wait?: (ms: number) => void };

const triesAgainEveryMs = 30_000;
const mostTries = 24;

/**
 * Takes the steps in order and stops at the first that fails.
 *
 * @throws StepFailed
 */
export function takeSteps(steps: Step[], { run, say, wait = sleep }: Running): void {
  const folder = mkdtempSync(join(tmpdir(), "deploy-google-cloud-"));
  const kept = new Map<string, string>();
  let files = 0;
  const fileFor = (content: unknown) => {
    const file = join(folder, `${files++}.json`);
    writeFileSync(file, JSON.stringify(content));
    return file;
  };
  const valueOf = (names: string[]) => [...new Set(names.flatMap((name) => listed(kept.get(name))))].join(",");
  const pause = () => {
    say("  what it needs is not known everywhere yet; tried again in half a minute");
    wait(triesAgainEveryMs);
  };
  const call = (gcloud: Gcloud) => {
    const answer = patiently(gcloud, () => run(argumentsOf(gcloud, { fileFor, valueOf }), gcloud.input?.()), pause);
    const columns = answer.output.trimEnd().split("\t");
    gcloud.keeps?.forEach((name, column) => kept.set(name, answer.status === 0 ? (columns[column] ?? "") : ""));
    return answer;
  };
  try {
    for (const step of steps) takeStep(step, { call, say });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const sleep = (ms: number) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
const listed = (values = "") => values.split(",").filter((value) => value !== "");

function patiently({ triedAgainWhile }: Gcloud, attempt: () => Answer, pause: () => void): Answer {
  for (let tries = 1; ; tries++) {
    const answer = attempt();
    const mayPass = answer.status !== 0 && triedAgainWhile !== undefined && answer.error.includes(triedAgainWhile);
    if (!mayPass || tries === mostTries) return answer;
    pause();
  }
}

type Calling = { call: (gcloud: Gcloud) => Answer; say: (line: string) => void };

function takeStep(step: Step, { call, say }: Calling): void {
  const { name, look, make = [], settle = [] } = step;
  const isThere = look === undefined || looksThere(look, call(look.command), step);
  say(`${name}: ${look === undefined ? "set" : isThere ? "is there" : "is made"}`);
  for (const gcloud of [...(isThere ? [] : make), ...settle]) {
    const { status, error } = call(gcloud);
    if (status !== 0) throw new StepFailed(`${name}: gcloud ${gcloud.command} failed\n${error}`);
  }
}

/** Not being allowed to look, or having no network, is not the same as there being nothing. */
function looksThere({ says, command }: Look, { status, output, error }: Answer, step: Step): boolean {
  if (status === 0) return says === undefined || output.toLowerCase().includes(says.toLowerCase());
  if (/not.?found|does not exist|NOT_FOUND|\b404\b/i.test(error)) return false;
  throw new StepFailed(`${step.name}: gcloud ${command.command} failed\n${error}`);
}
