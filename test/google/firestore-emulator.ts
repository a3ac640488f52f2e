import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { freePort } from "#test/builders/free-port.ts";

/**
 * Google's own Firestore emulator, for tests and for trying things out. It is a Java program that comes with the Google
 * Cloud CLI (`gcloud components install cloud-firestore-emulator`) or with firebase-tools; nothing else that is to be had
 * keeps transactions apart, so where there is none, what needs one is skipped and says so.
 */
export type FirestoreEmulator = {
  /** `host:port` */
  host: string;
  /** Ends it, where it was started here. */
  stop(): Promise<void>;
};

/** Where an emulator is to be had: one that runs already, or a program to start. */
export type FoundEmulator = { host: string } | { jar: string };

export const howToGetAnEmulator =
  "no Firestore emulator: set FIRESTORE_EMULATOR_HOST or FIRESTORE_EMULATOR_JAR, or install Java and gcloud's cloud-firestore-emulator";

/** Looks at what the environment names, then in gcloud's folders, then in the cache of firebase-tools. */
export function findFirestoreEmulator(environment: NodeJS.ProcessEnv = process.env): FoundEmulator | undefined {
  const { FIRESTORE_EMULATOR_HOST: host, FIRESTORE_EMULATOR_JAR: named } = environment;
  if (host) return { host };
  if (named && !existsSync(named)) throw new Error(`FIRESTORE_EMULATOR_JAR: there is no file ${named}`);
  if (answerOf("java", "-version") === undefined) return undefined;
  const jar = named || (jarOfGcloud() ?? jarOfFirebaseTools());
  return jar === undefined ? undefined : { jar };
}

/** @returns undefined where none is to be had; else it has answered a first request, which is a slow one */
export async function startFirestoreEmulator(found = findFirestoreEmulator()): Promise<FirestoreEmulator | undefined> {
  if (found === undefined) return undefined;
  if ("host" in found) return { host: found.host, stop: async () => undefined };
  const port = await freePort();
  const place = ["--host", "127.0.0.1", "--port", String(port)];
  const child = spawn("java", ["-Duser.language=en", "-cp", found.jar, mainClass, ...place], { stdio: "ignore" });
  // Java would outlive a process that ends without stopping it.
  const kill = () => void child.kill("SIGKILL");
  process.once("exit", kill);
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    process.off("exit", kill);
  };
  const host = `127.0.0.1:${port}`;
  await waitUntilItAnswers(host, child).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { host, stop };
}

/** The jar names no main class of its own. */
const mainClass = "com.google.cloud.datastore.emulator.firestore.CloudFirestore";

const gcloudFolders = [
  "/usr/lib/google-cloud-sdk",
  "/usr/share/google-cloud-sdk",
  "/opt/google-cloud-sdk",
  "/opt/homebrew/share/google-cloud-sdk",
  "/usr/local/share/google-cloud-sdk",
  join(homedir(), "google-cloud-sdk"),
];

function jarOfGcloud(): string | undefined {
  const jarIn = (folder: string) => join(folder, "platform/cloud-firestore-emulator/cloud-firestore-emulator.jar");
  const usual = gcloudFolders.map(jarIn).find(existsSync);
  if (usual !== undefined) return usual;
  // gcloud takes a second to say where it is.
  const asked = answerOf("gcloud", "info", "--format=value(installation.sdk_root)")?.trim();
  return asked && existsSync(jarIn(asked)) ? jarIn(asked) : undefined;
}

function jarOfFirebaseTools(): string | undefined {
  const folder = join(homedir(), ".cache/firebase/emulators");
  if (!existsSync(folder)) return undefined;
  const jars = readdirSync(folder).filter((name) => /^cloud-firestore-emulator.*\.jar$/.test(name));
  const newest = jars.sort((a, b) => a.localeCompare(b, "en", { numeric: true })).at(-1);
  return newest === undefined ? undefined : join(folder, newest);
}

function answerOf(program: string, ...args: string[]): string | undefined {
  try {
    return execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], timeout: 20_000 });
  } catch {
    return undefined;
  }
}

/** It listens seconds before it can answer, and its first write takes long again: who comes next should not pay for that. */
async function waitUntilItAnswers(host: string, child: ChildProcess): Promise<void> {
  const first = `http://${host}/v1/projects/first/databases/(default)/documents/first/request`;
  const headers = { authorization: "Bearer owner", "content-type": "application/json" };
  for (let attempt = 0; ; attempt++) {
    if (child.exitCode !== null) throw new Error(`the Firestore emulator ended with ${child.exitCode}`);
    const request = { method: "PATCH", headers, body: "{}", signal: AbortSignal.timeout(20_000) };
    const answer = await fetch(first, request).catch(() => undefined);
    if (answer?.ok) return;
    if (attempt === 300) throw new Error("the Firestore emulator does not answer");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
