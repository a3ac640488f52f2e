import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
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
  vitest("faults", "faults"),
  vitest("browser", "browser"),
];

function resultsOf(name) {
  return join(output, "results", `${name}.json`);
}

/** Again once where a test process died under its tests, and said so: then nothing is known of them, neither way. */
function runStep(step) {
  if (runOnce(step)) return true;
  if (!hasDied(step.name)) return false;
  process.stdout.write(`── ${step.name}: a process died in the middle of its tests; all of them once more\n`);
  return runOnce(step);
}

/**
 * No test failed, and some were begun and never ended. V8 aborts now and then while it frees WebAssembly's code, after many
 * databases of PGlite in one process (github.com/nodejs/node/issues/64500).
 */
function hasDied(name) {
  if (!existsSync(resultsOf(name))) return false;
  const { numFailedTests, testResults } = JSON.parse(readFileSync(resultsOf(name), "utf8"));
  const begun = testResults.flatMap(({ assertionResults }) => assertionResults);
  return numFailedTests === 0 && begun.some(({ status }) => status === "pending");
}

function runOnce({ command, work }) {
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

function readResults() {
  return steps
    .filter(({ name, command }) => command?.[0].endsWith("vitest") && existsSync(resultsOf(name)))
    .map(({ name }) => JSON.parse(readFileSync(resultsOf(name), "utf8")));
}

function countTests(results) {
  const sum = (count) => results.reduce((total, result) => total + count(result), 0);
  const passed = sum(({ numPassedTests }) => numPassedTests);
  const failed = sum(({ numFailedTests }) => numFailedTests);
  const skipped = sum(({ numPendingTests, numTodoTests }) => numPendingTests + numTodoTests);
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** A failure is thousands of lines up by now, and a log that was cut has lost it: what failed is said again at the end. */
function failuresOf(results) {
  const files = results.flatMap(({ testResults }) => testResults).filter(({ status }) => status === "failed");
  return files.flatMap(({ name, message, assertionResults }) => {
    const tests = assertionResults.filter(({ status }) => status === "failed");
    const of = tests.length > 0 ? tests : [{ fullName: "could not be run", failureMessages: [message] }];
    const why = (messages) => messages.join("\n").split("\n").slice(0, 12).join("\n    ");
    return of.map((test) => `✗ ${relative(root, name)}: ${test.fullName}\n    ${why(test.failureMessages)}\n`);
  });
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

const results = readResults();
for (const failure of failuresOf(results)) process.stdout.write(`\n${failure}`);
process.stdout.write(broken.length === 0 ? "\nEverything is well.\n" : `\nWrong: ${broken.join(", ")}.\n`);
process.stdout.write(`Tests: ${countTests(results)}\n`);
process.exit(broken.length === 0 ? 0 : 1);
