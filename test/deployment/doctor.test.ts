import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestHouse, type TestHouse } from "#test/builders/house.ts";
import { createQuickPainter, quickRemover } from "#test/builders/painter.ts";
import { testSecret } from "#test/builders/storefront.ts";
import { all, readDockerfile } from "./dockerfile.ts";

const root = new URL("../../", import.meta.url).pathname;
let image: string;
let house: TestHouse;
beforeAll(async () => {
  image = folderLikeTheImage();
  house = await openTestHouse({ parts: { painters: [createQuickPainter()], remover: quickRemover } });
});
afterAll(async () => {
  await house.close();
  rmSync(image, { recursive: true });
});

/** What the last stage of the Dockerfile has of the project's own, without what .dockerignore keeps out, and no more. */
function folderLikeTheImage(): string {
  const folder = mkdtempSync(join(tmpdir(), "like-the-image-"));
  const last = readDockerfile(readFileSync(join(root, "Dockerfile"), "utf8")).at(-1)!;
  for (const copy of all(last, "COPY")) {
    const [, from, to] = /^--from=build \/app\/(\S+) (\S+)$/.exec(copy) ?? [];
    if (from === undefined || to === undefined || from === "build") continue;
    mkdirSync(dirname(join(folder, to)), { recursive: true });
    cpSync(join(root, from), join(folder, to), { recursive: true, filter: (file) => !/\.test\.tsx?$/.test(file) });
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return folder;
}

type Doctor = { status: number | null; stdout: string; lines: Record<string, unknown>[] };

/** Node itself, no shell and no npm to be found, nobody at a terminal. */
async function runDoctor(flags: string[], environment: Partial<NodeJS.ProcessEnv>): Promise<Doctor> {
  const child = spawn(process.execPath, ["scripts/doctor.ts", ...flags], {
    cwd: image,
    env: { PATH: "", NODE_ENV: "development", ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => void (stdout += text));
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  const lines = flags.includes("--log") ? stdout.trim().split("\n") : [];
  return { status, stdout, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

const wrong = { NODE_ENV: "production" as const, DATABASE_URL: "mysql://there", SHOPIFY_API_SECRET: "hush" };
const right = () => ({ SHOPIFY_APP_URL: house.url, SHOPIFY_API_SECRET: testSecret });

describe("the doctor in the image", { timeout: 60_000 }, () => {
  it("says everything that is wrong with a configuration, and exits with 1", async () => {
    const { status, stdout } = await runDoctor([], wrong);
    expect(status).toBe(1);
    expect(stdout).toMatch(/failed +configuration.*DATABASE_URL.*SHOPIFY_APP_URL/);
    expect(stdout).toContain("→ Set what is missing");
    expect(stdout).not.toContain("hush");
  });

  it("exits with 0 when it finds nothing wrong with an app that runs", async () => {
    const { status, stdout } = await runDoctor([], right());
    expect(stdout).toMatch(/ 0 failed,/);
    expect(status).toBe(0);
  });

  it("writes a line a finding for the log, whatever the app's own log is to leave out", async () => {
    const { status, lines } = await runDoctor(["--log"], { ...right(), LOG_LEVEL: "silent" });
    expect(status).toBe(0);
    expect(new Set(lines.map(({ severity }) => severity))).not.toContain("ERROR");
    expect(lines).toContainEqual(expect.objectContaining({ message: "finding", check: "app proxy, forged" }));
    expect(lines.at(-1)).toMatchObject({ severity: "INFO", message: "examined", failed: 0 });
  });

  it("is as loud in the log as what it has found is bad, and says there what to do", async () => {
    const { status, lines } = await runDoctor(["--log"], { ...right(), SHOPIFY_API_SECRET: "yesterday's" });
    expect(status).toBe(1);
    expect(lines).toContainEqual(
      expect.objectContaining({
        severity: "ERROR",
        message: "finding",
        check: "app proxy, signed",
        toDo: expect.stringContaining("SHOPIFY_API_SECRET") as string,
      }),
    );
    expect(lines.at(-1)).toMatchObject({ message: "examined", failed: 2 });
    expect(lines.map((line) => JSON.stringify(line)).join()).not.toContain("yesterday");
  });

  it("comes to its end when a client fails once more where nobody listens", async () => {
    const firestore = {
      QUOTA_STORE: "firestore",
      GOOGLE_CLOUD_PROJECT: "p",
      GOOGLE_APPLICATION_CREDENTIALS: "/nowhere",
    };
    const { status, lines } = await runDoctor(["--log"], { ...right(), ...firestore });
    expect(status).toBe(1);
    expect(lines).toContainEqual(expect.objectContaining({ severity: "ERROR", check: "Firestore" }));
    expect(lines.at(-1)).toMatchObject({ message: "examined", failed: 1 });
  });

  it("tells the log of a configuration that cannot be read as well", async () => {
    const { status, lines } = await runDoctor(["--log"], wrong);
    expect(status).toBe(1);
    expect(lines[0]).toMatchObject({ severity: "ERROR", message: "finding", check: "configuration" });
    expect(lines.at(-1)).toMatchObject({ message: "examined", failed: 1 });
  });
});
