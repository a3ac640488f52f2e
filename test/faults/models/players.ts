import { execFile } from "node:child_process";
import { availableParallelism } from "node:os";
import { promisify } from "node:util";
import pLimit from "p-limit";

export type Play = { model: "quota" | "budget" | "walk"; seed: number; histories: number };

export type Played = {
  histories: number;
  steps: number;
  /** How often the histories have passed through what they are for. */
  paths: Record<string, number>;
  /** The smallest history that goes wrong, with its seed; null where none does. */
  failure: string | null;
};

const entry = new URL("./play.ts", import.meta.url).pathname;
const run = promisify(execFile);

/** A process keeps something of each walk that it has played: after fifty thousand of them its heap is full. */
const mostInAProcess = { quota: Infinity, budget: Infinity, walk: 5_000 };

/** Plays the histories of a model in processes, as many at once as there are cores, each from a seed of its own. */
export async function playInProcesses({ model, seed, histories }: Play): Promise<Played> {
  const atOnce = availableParallelism();
  const each = Math.min(Math.ceil(histories / atOnce), mostInAProcess[model]);
  const oneOf = pLimit(atOnce);
  const all = await Promise.all(
    Array.from({ length: Math.ceil(histories / each) }, (_, n) =>
      oneOf(() => playOne({ model, seed: seed + n, histories: each })),
    ),
  );
  return all.reduce((sum, one) => ({
    histories: sum.histories + one.histories,
    steps: sum.steps + one.steps,
    paths: added(sum.paths, one.paths),
    failure: sum.failure ?? one.failure,
  }));
}

async function playOne(play: Play): Promise<Played> {
  const { stdout } = await run(process.execPath, [entry, JSON.stringify(play)], { maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout) as Played;
}

function added(a: Played["paths"], b: Played["paths"]): Played["paths"] {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries([...names].map((name) => [name, (a[name] ?? 0) + (b[name] ?? 0)]));
}
