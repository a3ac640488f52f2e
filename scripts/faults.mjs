import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { ensureDependencies, ensureTestPrograms, ownNode, root, say } from "./setup.mjs";

/**
 * `npm run test:faults`: what happens when processes are killed, parts go down and crowds come. The short form is part of
 * `npm test`; `-- --full` runs every figure whole, which takes much longer, and writes docs/reliability.md. Further words
 * choose figures or test files (`npm run test:faults -- --full R7 kills`); then the page keeps what it says of the others.
 */
const figures = [
  [
    "R1",
    "500 wishes of one customer at once on two processes: exactly 5 pass, 495 meet 429, no 5xx, 50 rounds",
    ["faults/crowds"],
  ],
  ["R2", "500 identical requests: one call of the painter, one charge", ["faults/crowds"]],
  [
    "R3",
    "10 shops × 100 customers, the provider failing every tenth call: at least 99.8 % ready, nothing oversold",
    ["faults/crowds"],
  ],
  [
    "R4",
    "200 kills: nothing lost that was stored, nothing held past its time, nothing charged twice",
    ["faults/kills"],
  ],
  [
    "R5",
    "the provider down for 5 minutes: left alone within 10 calls, no quota burnt, back within 60 s",
    ["faults/provider-outage"],
  ],
  ["R6", "20 × SIGTERM under load: nothing lost that was accepted, over in less than 9 s", ["faults/shutdown"]],
  ["R7", "1,000,000 histories of the models: nothing violated; the naive designs fail", ["faults/models"]],
  ["R8", "10,000 wishes within 2 s of midnight UTC: each in exactly one day", ["faults/midnight"]],
  ["R9", "100,000 reads over shops, styles, revisions and takes: no wrong picture", ["faults/right-picture"]],
  [
    "R11",
    "20 uploads of 50 MB at once, as on 512 MiB: those admitted are kept, the others refused, below 400 MB",
    ["faults/overload"],
  ],
  [
    "R12",
    "quotas, storage or database down: what is there is given, everything else answers 503 in less than 2.5 s",
    ["journeys/database-down", "journeys/quota-store-down", "journeys/storage-down"],
  ],
  [
    "orders",
    "a process that is killed in the middle of an order: what is bought is painted once, with no quota, and kept",
    ["faults/order-kills"],
  ],
  ["fair", "one shop with nine tenths of the load adds less than 20 % to the others' p95", ["faults/fairness"]],
];

const words = process.argv.slice(2);
const full = words.includes("--full");
const filesOf = new Map(figures.map(([name, , files]) => [name.toLowerCase(), files]));
const chosen = words
  .filter((word) => !word.startsWith("--"))
  .flatMap((word) => filesOf.get(word.toLowerCase()) ?? [word]);
const folder = join(root, "test/output/figures");
const page = join(root, "docs/reliability.md");
const resultsFile = join(folder, "results.json");

ensureDependencies();
for (const missing of ensureTestPrograms()) say(missing);
rmSync(folder, { recursive: true, force: true });
const startedAt = new Date();
const { status } = spawnSync(
  ownNode,
  [
    join(root, "node_modules/vitest/vitest.mjs"),
    "run",
    ...[
      "--project",
      "faults",
      "--project",
      "journeys",
      "--reporter=verbose",
      "--reporter=json",
      `--outputFile.json=${resultsFile}`,
    ],
    ...(chosen.length > 0 ? chosen : ["test/faults/", ...filesOf.get("r12")]),
  ],
  { cwd: root, stdio: "inherit", env: { ...process.env, ...(full ? { FAULTS_IN_FULL: "1" } : {}) } },
);
const rows = figures.map(figureSeen).filter(({ result }) => result !== "not run");
process.stdout.write(`\n${tableOf(rows.map(cellsOf))}\n`);
if (full) writePage();
process.exit(status ?? 1);

function figureSeen([name, promise, files]) {
  // Three figures come from one file; there each test says which figure it is of.
  const isShared = figures.filter(([, , others]) => others[0] === files[0]).length > 1;
  const tests = testsOf(files).filter(({ fullName }) => !isShared || fullName.includes(`${name}:`));
  const failed = tests.some((test) => test.status === "failed");
  const passed = tests.length > 0 && tests.every((test) => test.status === "passed");
  const lines = join(folder, `${name}.jsonl`);
  const seen = existsSync(lines)
    ? readFileSync(lines, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).seen)
    : [];
  const result = tests.length === 0 ? "not run" : failed ? "**failed**" : passed ? "held" : "skipped";
  return { name, promise, result, seen: seen.length > 0 ? seen.join("; ") : `${tests.length} tests` };
}

function testsOf(files) {
  if (!existsSync(resultsFile)) return [];
  const { testResults } = JSON.parse(readFileSync(resultsFile, "utf8"));
  return testResults
    .filter(({ name }) => files.some((file) => name.includes(file)))
    .flatMap(({ assertionResults }) => assertionResults);
}

function cellsOf({ name, promise, result, seen }) {
  return `| ${name} | ${promise} | ${result} | ${seen} | ${startedAt.toISOString().slice(0, 10)} |`;
}

function tableOf(lines) {
  return ["| | figure | | seen | on |", "| --- | --- | --- | --- | --- |", ...lines].join("\n");
}

/** What an earlier run said of a figure that was not among those of this one. */
function saidBefore(name) {
  const before = existsSync(page) ? readFileSync(page, "utf8").split("\n") : [];
  return before.find((line) => line.startsWith(`| ${name} `));
}

function writePage() {
  const [cpu] = cpus();
  const machine = `${cpus().length} processors (${cpu?.model.trim() ?? "unknown"}), ${Math.round(totalmem() / 2 ** 30)} GiB`;
  const seenNow = new Map(rows.map((row) => [row.name, cellsOf(row)]));
  const lines = figures.map(([name, promise]) => {
    return seenNow.get(name) ?? saidBefore(name) ?? `| ${name} | ${promise} | not run whole yet | | |`;
  });
  writeFileSync(
    page,
    `# What holds when things go wrong

Written by \`npm run test:faults -- --full\` on ${machine}, ${process.platform}, Node ${process.versions.node}. The short form of the same tests is part of \`npm test\`.

${tableOf(lines)}

Each run of several processes ends with an audit (\`test/faults/auditor.ts\`): charges are the pictures that were painted; no reservation lives past its time; no picture cost more than three calls; the ledger has a row for each call; the budget is the ledger's sum and never less than the provider's bill; the bytes that are served are the bytes that were kept. PostgreSQL runs without fsync here, so a power cut is not among the faults. Times are of this machine and shared with other work; no test depends on one.
`,
  );
}
