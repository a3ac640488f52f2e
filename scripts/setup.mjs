import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Makes a fresh clone ready, and does nothing where it is ready already. Plain JavaScript for any Node from 18 on: it is
 * what runs before the project's own Node has been installed. Every step remembers the hash of what it was made from.
 */
export const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const windows = process.platform === "win32";

/** The project's own Node 24, from the `node` package. */
export const ownNode = join(root, "node_modules", "node", "bin", windows ? "node.exe" : "node");

export function ensureDependencies() {
  once("dependencies", ["package-lock.json"], join(root, "node_modules"), () => {
    say("installing dependencies");
    run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
  });
  if (!existsSync(ownNode))
    throw new Error("The `node` package has not installed its program; is its install script allowed to run?");
  once(
    "prisma-client",
    ["prisma/schema.prisma", "package-lock.json"],
    join(root, "node_modules", ".prisma", "client"),
    () => {
      say("generating the database client");
      run(ownNode, [join(root, "node_modules/prisma/build/index.js"), "generate"], {
        CHECKPOINT_DISABLE: "1",
        PRISMA_HIDE_UPDATE_MESSAGE: "1",
      });
    },
  );
}

export function ensureBuild() {
  const sources = ["app", "vite.config.ts", "package-lock.json", "tsconfig.json"];
  once("build", sources, join(root, "build"), () => {
    say("building the pages");
    run(ownNode, [join(root, "node_modules/@remix-run/dev/dist/cli.js"), "vite:build"], {
      NODE_ENV: "production",
      // Where the tests ask for it: Vite's configuration leaves Remix out for Vitest itself.
      VITEST: undefined,
    });
  });
}

/** @returns what could not be had, each with what to do; the suites that need it then report themselves as skipped */
export function ensureTestPrograms() {
  const missing = [];
  if (findChromium() === undefined && !installPackages(["chromium"])) {
    missing.push("Chromium: install it, or set CHROMIUM_PATH. The browser tests are skipped.");
  }
  if (!existsSync("/usr/lib/postgresql") && !installPackages(["postgresql"])) {
    missing.push("PostgreSQL server: install it. The tests on a PostgreSQL server are skipped.");
  }
  return missing;
}

export function findChromium() {
  const places = [
    process.env.CHROMIUM_PATH,
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
  ];
  return places.find((place) => place && existsSync(place));
}

/** Debian and its relatives only, and only where no password would be asked for. */
function installPackages(names) {
  if (spawnSync("apt-get", ["--version"]).status !== 0) return false;
  const asRoot = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  if (asRoot.length > 0 && spawnSync("sudo", ["-n", "true"]).status !== 0) return false;
  say(`installing ${names.join(", ")}`);
  const apt = (...args) => {
    const [program, ...rest] = [...asRoot, "apt-get", "-qq", ...args];
    return spawnSync(program, rest, {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
  };
  apt("update");
  return apt("install", "-y", "--no-install-recommends", ...names).status === 0;
}

function once(name, sources, result, work) {
  const mark = join(root, "node_modules", ".setup", name);
  const wanted = hashOf(sources);
  if (existsSync(result) && existsSync(mark) && readFileSync(mark, "utf8") === wanted) return;
  work();
  mkdirSync(dirname(mark), { recursive: true });
  writeFileSync(mark, wanted);
}

function hashOf(sources) {
  const hash = createHash("sha256");
  for (const file of sources.flatMap(filesIn)) hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest("hex");
}

function filesIn(path) {
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path), { withFileTypes: true })
    .flatMap((entry) => filesIn(`${path}/${entry.name}`))
    .filter((file) => !file.includes(".test."))
    .sort();
}

export function run(program, args, environment = {}) {
  execFileSync(program, args, { cwd: root, stdio: "inherit", shell: windows, env: { ...process.env, ...environment } });
}

export function say(sentence) {
  process.stderr.write(`› ${sentence}\n`);
}
