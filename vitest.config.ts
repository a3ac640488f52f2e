import { defineConfig } from "vitest/config";

/**
 * One project a kind of test, so that each can be run alone (`npx vitest run --project unit`) and a slow one does not
 * hold up a fast one. Files run one at a time where they start servers or browsers: two cores are what there is.
 */
const shared = {
  setupFiles: ["./test/setup.ts"],
  testTimeout: 30_000,
  hookTimeout: 120_000,
  // Whatever is waited for comes; how soon is not what a test on a busy machine can say.
  expect: { poll: { timeout: 15_000 } },
};

const freshBuild = "./test/builders/fresh-build.ts";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: "unit",
          globalSetup: [freshBuild],
          include: [
            "app/**/*.test.ts",
            "scripts/**/*.test.ts",
            "test/deployment/**/*.test.ts",
            "test/bench/**/*.test.ts",
          ],
        },
      },
      { test: { ...shared, name: "extension", include: ["test/extension/**/*.test.ts"] } },
      { test: { ...shared, name: "shopify", include: ["test/shopify/**/*.test.ts"] } },
      {
        test: {
          ...shared,
          name: "contracts",
          include: ["test/contracts/**/*.test.ts"],
          testTimeout: 90_000,
          globalSetup: [freshBuild, "./test/builders/postgres-server.ts"],
          fileParallelism: false,
        },
      },
      {
        test: {
          ...shared,
          name: "journeys",
          include: ["test/journeys/**/*.test.ts", "test/attacks/**/*.test.ts"],
          globalSetup: [freshBuild, "./test/builders/postgres-server.ts"],
          testTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          ...shared,
          name: "faults",
          include: ["test/faults/**/*.test.ts"],
          globalSetup: [freshBuild, "./test/builders/postgres-server.ts"],
          provide: { faultsInFull: process.env.FAULTS_IN_FULL === "1" },
          testTimeout: process.env.FAULTS_IN_FULL === "1" ? 3_600_000 : 900_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          ...shared,
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          globalSetup: [freshBuild, "./test/browser/preview-stack.ts"],
          testTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
