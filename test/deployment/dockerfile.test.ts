import { globSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { all, readDockerfile } from "./dockerfile.ts";

const root = new URL("../../", import.meta.url).pathname;
const read = (file: string) => readFileSync(join(root, file), "utf8");
const stages = readDockerfile(read("Dockerfile"));
const stage = (name: string) => stages.find((one) => one.name === name)!;
const final = stages.at(-1)!;
const { dependencies, devDependencies, scripts } = JSON.parse(read("package.json")) as Record<
  "dependencies" | "devDependencies" | "scripts",
  Record<string, string>
>;

/** Packages that the app and the doctor import where they run; types are gone by then. */
function packagesOfApp(): string[] {
  const sources = globSync(["app/**/*.{ts,tsx}", "scripts/doctor.ts"], { cwd: root });
  const files = sources.filter((file) => !file.includes(".test."));
  const names = files.flatMap((file) =>
    [
      ...read(file).matchAll(
        /(?:^import (?!type)[^"']*?|^export (?!type)[^"'\n]*? from |import\()["']([^."'#][^"']*)["']/gm,
      ),
    ].map(([, name = ""]) =>
      name
        .split("/")
        .slice(0, name.startsWith("@") ? 2 : 1)
        .join("/"),
    ),
  );
  return [...new Set(names)].filter((name) => !name.startsWith("node:") && !builtinModules.includes(name));
}

describe("the image", () => {
  it("is Node of the project's own major version, slim, in every stage", () => {
    const major = devDependencies.node?.split(".")[0];
    expect(stages.map(({ from }) => from)).toEqual(stages.map(() => `node:${major}-slim`));
  });

  it("builds where development's packages are, and takes only results from there", () => {
    expect(all(stage("build"), "RUN")).toEqual(["npm ci", "npm run generate && npm run build"]);
    expect([scripts.generate, scripts.build]).toEqual(["prisma generate", expect.stringContaining("vite:build")]);
    const copied = all(final, "COPY");
    expect(copied.every((copy) => copy.startsWith("--from="))).toBe(true);
    const others = copied.filter((copy) => copy !== "--from=build /app/scripts/doctor.ts scripts/doctor.ts");
    expect(others).not.toContainEqual(
      expect.stringMatching(/--from=build \/app\/node_modules|scripts|test|extensions/),
    );
  });

  it("has no package of development in it, and no npm", () => {
    expect(all(final, "COPY")).toContain("--from=dependencies /app/node_modules node_modules");
    expect(all(stage("dependencies"), "RUN")[0]).toBe("npm ci --omit=dev");
    expect(all(final, "RUN").join()).toMatch(/rm -rf .*\/npm .*\/npx/);
    expect(dependencies.node).toBeUndefined();
  });

  it("has every package that the app imports, and misses none of those that are taken out", () => {
    const imported = packagesOfApp();
    expect(imported).toContain("sharp");
    // `npm run dev` alone, behind DEV_SERVER.
    const missing = imported.filter((name) => name !== "vite" && dependencies[name] === undefined);
    expect(missing).toEqual([]);
    const removed = all(stage("dependencies"), "RUN")[1]!
      .split(" ")
      .filter((word) => /^[@a-z]/.test(word));
    expect(removed).toContain("prisma");
    expect(imported.filter((name) => removed.includes(name))).toEqual([]);
  });

  it("carries the database's client and its migrations, which the app applies itself", () => {
    expect(all(stage("dependencies"), "COPY")).toContain("--from=build /app/node_modules/.prisma node_modules/.prisma");
    expect(all(final, "COPY")).toContain("--from=build /app/prisma/migrations prisma/migrations");
  });

  it("does not run as root, and the sources are not the runner's", () => {
    expect(all(final, "USER")).toEqual(["node"]);
    const order = final.instructions.map(({ name }) => name);
    expect(order.indexOf("USER")).toBeGreaterThan(order.lastIndexOf("COPY"));
    expect(order.indexOf("USER")).toBeGreaterThan(order.lastIndexOf("RUN"));
    expect(all(final, "COPY").join()).not.toContain("--chown");
  });

  it("is production, asks /health, and starts Node itself so that SIGTERM reaches it", () => {
    expect(all(final, "ENV").join()).toContain("NODE_ENV=production");
    expect(all(final, "HEALTHCHECK")).toEqual([expect.stringMatching(/\/health`.*process\.exit\(ok \? 0 : 1\)/)]);
    expect(all(final, "CMD")).toEqual(['["node", "app/server.ts"]']);
    expect(all(final, "ENTRYPOINT")).toEqual([]);
  });

  it("holds no secret", () => {
    expect(read("Dockerfile")).not.toMatch(/SECRET|API_KEY|PASSWORD|DATABASE_URL/i);
  });
});

describe("what is sent to be built", () => {
  const lines = read(".dockerignore")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));

  it("is nothing but what is named", () => {
    expect(lines[0]).toBe("*");
    const named = lines.filter((line) => line.startsWith("!"));
    expect(named).not.toContainEqual(expect.stringMatching(/\*|\.env|data|\.git|node_modules/));
    expect(lines).toContain("**/.env*");
  });

  it("is all that the stages copy by name", () => {
    const wanted = all(stage("build"), "COPY")[0]!.split(" ").slice(0, -1);
    expect(wanted).toEqual(["package.json", "package-lock.json", ".npmrc"]);
    for (const file of [...wanted, "app", "prisma", "scripts", "extensions", "vite.config.ts", "prisma.config.ts"]) {
      expect(lines).toContain(`!${file}`);
    }
  });
});
