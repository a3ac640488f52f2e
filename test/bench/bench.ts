import { Console } from "node:console";
import { loadavg } from "node:os";
import { measureMiss } from "./miss.ts";
import { measurePage } from "./page.ts";
import { measurePainting } from "./painting.ts";
import { measurePeers } from "./peers.ts";

/**
 * Figures, for a person to read. Nothing here passes or fails: a shared machine is noisy, so compare within one run, and
 * look at the load that is printed with it.
 */
const measurements = { painting: measurePainting, miss: measureMiss, page: measurePage, peers: measurePeers };

const wanted = process.argv.slice(2);
const names = Object.keys(measurements) as (keyof typeof measurements)[];
const unknown = wanted.filter((name) => !names.includes(name as keyof typeof measurements));
if (unknown.length > 0) {
  process.stderr.write(`There is no measurement ${unknown.join(", ")}; there are ${names.join(", ")}.\n`);
  process.exit(2);
}
for (const name of names.filter((each) => wanted.length === 0 || wanted.includes(each))) {
  process.stdout.write(`\n${name} (load ${loadavg()[0]?.toFixed(1)})\n`);
  new Console(process.stdout).table(await measurements[name]());
}
process.exit(0);
