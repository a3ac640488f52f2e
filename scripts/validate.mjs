import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ensureBuild, root } from "./setup.mjs";

/**
 * Everything that CI runs, in one order: what is fastest to fail comes first. All steps are run, so that one run shows
 * all that is wrong; the closing line counts the tests.
 */
const output = join(root, "test/output");
rmSync(join(output, "results"), { recursive: true, force: true });
mkdirSync(join(output, "results"), { recursive: true });

const bin = (name) => join(root, "node_modules/.bin", name);
const vitest = (name, ...projects) => ({
  name,
  command: [
    bin("vitest"),
    "run",
    ...projects.flatMap((project) => ["--project", project]),
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${resultsOf(name)}`,
  ],
});

const steps = [
  { name: "format", command: [bin("prettier"), "--check", "--log-level", "warn", "."] },
  { name: "lint", command: [bin("eslint"), ".", "--max-warnings", "0"] },
  { name: "types", command: [bin("tsc"), "--noEmit"] },
  {
    name: "import walls",
    command: [bin("depcruise"), "--config", ".dependency-cruiser.mjs", "app", "test", "extensions", "scripts"],
  },
  { name: "widget is built", command: [process.execPath, join(root, "scripts/build-widget.mjs"), "--check"] },
  { name: "README tables", command: [process.execPath, join(root, "scripts/readme-tables.mjs"), "--check"] },
  { name: "build", work: ensureBuild },
  vitest("unit", "unit", "extension", "shopify"),
  vitest("contracts", "contracts"),
  vitest("journeys", "journeys"),
  vitest("browser", "browser"),
];

function resultsOf(name) {
  return join(output, "results", `${name}.json`);
}

function runStep({ command, work }) {
  if (work !== undefined) {
    try {
      work();
      return true;
    } catch {
      return false;
    }
  }
  const [program, ...args] = command;
  return spawnSync(program, args, { cwd: root, stdio: "inherit" }).status === 0;
}

function countTests() {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { name, command } of steps) {
    if (!command?.[0].endsWith("vitest") || !existsSync(resultsOf(name))) continue;
    const results = JSON.parse(readFileSync(resultsOf(name), "utf8"));
    counts.passed += results.numPassedTests;
    counts.failed += results.numFailedTests;
    counts.skipped += results.numPendingTests + results.numTodoTests;
  }
  return counts;
}

const broken = [];
for (const step of steps) {
  const startedMs = performance.now();
  process.stdout.write(`\n── ${step.name}\n`);
  const passed = runStep(step);
  if (!passed) broken.push(step.name);
  process.stdout.write(
    `── ${step.name}: ${passed ? "ok" : "FAILED"}, ${((performance.now() - startedMs) / 1000).toFixed(1)} s\n`,
  );
}

const { passed, failed, skipped } = countTests();
process.stdout.write(broken.length === 0 ? "\nEverything is well.\n" : `\nWrong: ${broken.join(", ")}.\n`);
process.stdout.write(`Tests: ${passed} passed, ${failed} failed, ${skipped} skipped\n`);
process.exit(broken.length === 0 ? 0 : 1);
