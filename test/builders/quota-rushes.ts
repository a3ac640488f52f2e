import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Rush, RushOutcome } from "./quota-rush.ts";

const entry = new URL("./quota-rush.ts", import.meta.url).pathname;

/** Starts the processes, lets them go when all are ready, and waits for what became of their requests. */
export async function rushFromProcesses(rushes: readonly Rush[]): Promise<RushOutcome[]> {
  const processes = rushes.map((rush) => {
    const child = spawn(process.execPath, [entry, JSON.stringify(rush)], { stdio: ["pipe", "pipe", "inherit"] });
    const ended = new Promise<void>((resolve, reject) =>
      child.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`a rush ended with ${code}`)))),
    );
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const nextLine = async () => String((await lines.next()).value);
    return { child, ended, nextLine };
  });
  try {
    await Promise.all(processes.map(({ nextLine }) => nextLine()));
    for (const { child } of processes) child.stdin.write("go\n");
    return await Promise.all(
      processes.map(async ({ nextLine, ended }) => {
        const line = await nextLine();
        await ended;
        return JSON.parse(line) as RushOutcome;
      }),
    );
  } finally {
    for (const { child } of processes) child.kill();
  }
}
