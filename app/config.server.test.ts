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
      budgets: { shopDay: 10_000_000, shopMonth: null, installationDay: 100_000_000, installationMonth: null },
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

  const google = {
    ...production,
    GOOGLE_CLOUD_PROJECT: "pets",
    PAINTER: "gemini",
    GEMINI_API_KEY: "key",
    GALLERY: "cloud-storage",
    PRIVATE_BUCKET: "pets-private",
    PREVIEW_BUCKET: "pets-previews",
    QUOTA_STORE: "firestore",
    BACKGROUND_REMOVER: "rembg",
    CUTOUT_URL: "http://127.0.0.1:7000",
    CUTOUT_VERSION: "2.0.67",
  };
  const namesOf = (environment: Record<string, string | undefined>) => [
    ...new Set(problemsOf({ ...google, ...environment }).map((problem) => problem.split(":")[0])),
  ];

  it("takes Google's parts with the models that are current, and a cheaper one beside the usual", () => {
    expect(readConfig(google)).toMatchObject({
      gemini: {
        access: { by: "key", apiKey: "key" },
        model: "gemini-nano-banana-2.1",
        cheaperModel: "gemini-3.1-flash-lite-image",
        imageSize: "1K",
        spendingLimitMicroUsd: 10_000_000,
      },
      gallery: { kind: "cloud-storage", privateBucket: "pets-private" },
      previewsUrl: "https://storage.googleapis.com/pets-previews",
      quotaStore: { kind: "firestore", project: "pets", database: "(default)" },
      backgroundRemover: { kind: "rembg", version: "2.0.67", model: null },
    });
    expect(readConfig({ ...google, GEMINI_CHEAPER_MODEL: "none" }).gemini?.cheaperModel).toBeNull();
    expect(readConfig({ ...google, GEMINI_API_KEY: undefined }).gemini?.access).toEqual({
      by: "vertex",
      project: "pets",
      location: "global",
    });
    // The cheaper model has one size; a house that wants another does without it unless it names one.
    expect(readConfig({ ...google, GEMINI_IMAGE_SIZE: "2K" }).gemini?.cheaperModel).toBeNull();
    expect(readConfig({ ...google, PREVIEWS_URL: "https://cdn.example.com/" }).previewsUrl).toBe(
      "https://cdn.example.com",
    );
  });

  it.each([
    [{ GOOGLE_CLOUD_PROJECT: undefined, GEMINI_API_KEY: undefined }, ["GOOGLE_CLOUD_PROJECT"]],
    [{ PRIVATE_BUCKET: undefined, PREVIEW_BUCKET: undefined }, ["PRIVATE_BUCKET", "PREVIEW_BUCKET"]],
    [{ PREVIEW_BUCKET: "pets-private" }, ["PREVIEW_BUCKET"]],
    [{ CUTOUT_URL: undefined, CUTOUT_VERSION: undefined }, ["CUTOUT_URL", "CUTOUT_VERSION"]],
    [{ CUTOUT_URL: "http://me:secret@cutout" }, ["CUTOUT_URL"]],
    [{ GEMINI_MODEL: "gemini-2.5-flash-image" }, ["GEMINI_MODEL"]],
    [{ GEMINI_MODEL: "somebody-elses-model" }, ["GEMINI_MODEL"]],
    [{ GEMINI_IMAGE_SIZE: "4K", GEMINI_CHEAPER_MODEL: "gemini-3.1-flash-lite-image" }, ["GEMINI_CHEAPER_MODEL"]],
    [
      { GEMINI_BASE_URL: "http://x", STORAGE_API_ENDPOINT: "http://x", FIRESTORE_EMULATOR_HOST: "x:1" },
      ["GEMINI_BASE_URL", "STORAGE_API_ENDPOINT", "FIRESTORE_EMULATOR_HOST"],
    ],
  ])("refuses %o", (change, names) => {
    expect(namesOf(change)).toEqual(names);
  });

  it("names the replacement of a model that was shut down", () => {
    const [problem] = problemsOf({ ...google, GEMINI_MODEL: "gemini-3.1-flash-image" });
    expect(problem).toMatch(/shut down on 2026-10-29\. Use "gemini-nano-banana-2\.1" instead\./);
  });

  it("cannot be changed once it is read", () => {
    expect(Object.isFrozen(readConfig({}))).toBe(true);
  });

  it("says what each setting is for", () => {
    expect(describeSettings().filter(({ about }) => about === "")).toEqual([]);
  });
});
