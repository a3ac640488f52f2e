import { spawn, type ChildProcess } from "node:child_process";

/** The app as a child process: started with an IPC channel, so that it can notice that its parent is gone, and stopped for certain. */

export type AppEnd = { code: number; description: string };

export type AppProcess = {
  /** Resolves when the process has ended, for whatever reason. */
  ended: Promise<AppEnd>;
  /** SIGTERM, and SIGKILL after ten seconds; resolves when the process is gone. */
  stop(): Promise<void>;
};

export type AppProcessOptions = {
  /** The file to run with this Node. */
  entry: string;
  environment: Record<string, string | undefined>;
  patienceMs?: number;
};

export function startApp({ entry, environment, patienceMs = 10_000 }: AppProcessOptions): AppProcess {
  const child = spawn(process.execPath, [entry], {
    env: environment as NodeJS.ProcessEnv,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const ended = endOf(child);
  return Object.freeze({
    ended,
    async stop() {
      child.kill("SIGTERM");
      const impatience = setTimeout(() => child.kill("SIGKILL"), patienceMs);
      await ended;
      clearTimeout(impatience);
    },
  } satisfies AppProcess);
}

function endOf(child: ChildProcess): Promise<AppEnd> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: 1, description: `cannot be started: ${error.message}` }));
    child.once("exit", (code, signal) => {
      if (signal) resolve({ code: 1, description: `was ended by ${signal}` });
      else resolve({ code: code ?? 1, description: `ended with code ${code}` });
    });
  });
}
