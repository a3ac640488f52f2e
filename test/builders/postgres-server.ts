import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { freePort } from "./free-port.ts";

/**
 * A PostgreSQL server of the tests' own, from Debian's package, in a folder that goes with it. `provide`s its address;
 * where no server is installed it provides null, and suites that need one say that they are skipped.
 */
declare module "vitest" {
  interface ProvidedContext {
    postgresUrl: string | null;
  }
}

export default async function startForTests(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgresServer();
  project.provide("postgresUrl", server?.url ?? null);
  return async () => server?.stop();
}

export type PostgresServer = {
  url: string;
  /** Every process of it stands still: connections are taken and nothing is answered. */
  freeze(): void;
  thaw(): void;
  /** Ends at once, as by a crash; what was committed is recovered at the next start. */
  crash(): Promise<void>;
  /** After a crash, under the same address. */
  start(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * @param options - `keepsCommits`: what was committed is still there after a crash; slower
 * @returns undefined where no PostgreSQL server is installed
 */
export async function startPostgresServer({ keepsCommits = false } = {}): Promise<PostgresServer | undefined> {
  const programs = findPrograms();
  if (programs === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "pet-portraits-postgres-"));
  const account = serverAccount();
  if (account !== undefined) chownSync(folder, account.uid, account.gid);
  const as = account === undefined ? {} : { uid: account.uid, gid: account.gid };
  const data = join(folder, "data");
  execFileSync(
    join(programs, "initdb"),
    ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
    { ...as, cwd: folder, stdio: "pipe" },
  );
  const port = await freePort();
  const synchronous = `synchronous_commit=${keepsCommits ? "on" : "off"}`;
  const settings = ["fsync=off", "full_page_writes=off", synchronous, "max_connections=200"].flatMap((setting) => [
    "-c",
    setting,
  ]);
  const launch = () =>
    spawn(join(programs, "postgres"), ["-D", data, "-k", folder, "-h", "127.0.0.1", "-p", String(port), ...settings], {
      ...as,
      cwd: folder,
      stdio: "ignore",
    });
  let child = launch();
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`;
  await waitUntilItAnswers(url);
  return {
    url,
    freeze: () => signal(child, "SIGSTOP"),
    thaw: () => signal(child, "SIGCONT"),
    crash: () => end(child, "SIGQUIT"),
    async start() {
      child = launch();
      await waitUntilItAnswers(url);
    },
    async stop() {
      if (child.exitCode === null) await end(child, "SIGINT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The server makes a process for each connection, which is not in its group. */
function signal(child: ChildProcess, name: NodeJS.Signals): void {
  child.kill(name);
  const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").trim();
  for (const pid of children.split(" ").filter((text) => text !== "")) signalIfThere(Number(pid), name);
}

/** A connection may have ended since its process was listed. */
function signalIfThere(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function findPrograms(): string | undefined {
  const root = "/usr/lib/postgresql";
  if (!existsSync(root)) return undefined;
  const versions = readdirSync(root).sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(root, version, "bin")).find((bin) => existsSync(join(bin, "initdb")));
}

/** PostgreSQL refuses to run as root; Debian's package makes an account for it. */
function serverAccount(): { uid: number; gid: number } | undefined {
  if (userInfo().uid !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

async function waitUntilItAnswers(connectionString: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const client = new pg.Client({ connectionString });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (attempt === 150) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function end(child: ChildProcess, how: NodeJS.Signals): Promise<void> {
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill(how);
  await ended;
}
