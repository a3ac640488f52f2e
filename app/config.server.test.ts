import { describe, expect, it } from "vitest";
import { ConfigError, describeSettings, readConfig } from "./config.server.ts";

const production = {
  NODE_ENV: "production",
  SHOPIFY_APP_URL: "https://portraits.example.com",
  SHOPIFY_API_KEY: "key",
  SHOPIFY_API_SECRET: "secret",
  DATABASE_URL: "postgresql://db.example.com/portraits",
  PAINTER: "preview",
  BACKGROUND_REMOVER: "classic",
  GALLERY: "folder",
  QUOTA_STORE: "database",
};

function problemsOf(environment: Record<string, string | undefined>): readonly string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe("the configuration", () => {
  it("needs nothing to be set for the embedded defaults", () => {
    const config = readConfig({});
    expect(config).toMatchObject({
      production: false,
      host: "127.0.0.1",
      port: 3000,
      appUrl: "http://127.0.0.1:3000",
      databaseUrl: null,
      dailyBudgetMicroUsd: 10_000_000,
      quota: { customerPerDay: 5, guestPerDay: 3, burst: 3, burstWindowMs: 600_000, addressPerDay: 20 },
    });
  });

  it("lists everything that is wrong, not the first thing", () => {
    const problems = problemsOf({ PORT: "70000", DATABASE_URL: "mysql://x", QUOTA_BURST: "-1", LOG_LEVEL: "loud" });
    expect(problems.map((problem) => problem.split(":")[0])).toEqual([
      "PORT",
      "DATABASE_URL",
      "QUOTA_BURST",
      "LOG_LEVEL",
    ]);
  });

  it("takes an empty variable for one that is not set", () => {
    expect(readConfig({ DATABASE_URL: "", PORT: "" })).toMatchObject({ databaseUrl: null, port: 3000 });
  });

  it("is whole in production when every part is named", () => {
    expect(readConfig(production)).toMatchObject({
      production: true,
      host: "0.0.0.0",
      appUrl: "https://portraits.example.com",
    });
  });

  it.each([
    "SHOPIFY_APP_URL",
    "SHOPIFY_API_KEY",
    "SHOPIFY_API_SECRET",
    "DATABASE_URL",
    "PAINTER",
    "BACKGROUND_REMOVER",
    "GALLERY",
    "QUOTA_STORE",
  ])("does not fall back to anything in production where %s is missing", (name) => {
    const problems = problemsOf({ ...production, [name]: undefined });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(name);
  });

  it.each([
    ["the local Shopify, which signs anything", { LOCAL_SHOPIFY_URL: "http://127.0.0.1:3001" }, "LOCAL_SHOPIFY_URL"],
    ["an address without TLS", { SHOPIFY_APP_URL: "http://portraits.example.com" }, "SHOPIFY_APP_URL"],
    [
      "the preview's public secret",
      { SHOPIFY_API_SECRET: "local-preview-secret-never-used-in-production" },
      "SHOPIFY_API_SECRET",
    ],
  ])("refuses %s in production", (_what, change, name) => {
    expect(problemsOf({ ...production, ...change }).join()).toContain(name);
  });

  it("cannot be changed once it is read", () => {
    expect(Object.isFrozen(readConfig({}))).toBe(true);
  });

  it("says what each setting is for", () => {
    expect(describeSettings().filter(({ about }) => about === "")).toEqual([]);
  });
});
