import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";

const root = new URL("../../", import.meta.url).pathname;

describe("`npm run doctor`", () => {
  it("says everything that is wrong with a configuration, and exits with 1", { timeout: 60_000 }, () => {
    const env = {
      PATH: process.env.PATH,
      NODE_ENV: "production" as const,
      DATABASE_URL: "mysql://there",
      SHOPIFY_API_SECRET: "hush",
    };
    const { status, stdout } = spawnSync(process.execPath, ["scripts/doctor.ts"], { cwd: root, env, encoding: "utf8" });
    expect(status).toBe(1);
    expect(stdout).toMatch(/failed +configuration.*DATABASE_URL.*SHOPIFY_APP_URL/);
    expect(stdout).toContain("→ Set what is missing");
    expect(stdout).not.toContain("hush");
  });
});
