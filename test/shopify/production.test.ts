import { afterEach, expect, it, vi } from "vitest";
import { createLocalShopify } from "./local-shopify.ts";
import { runPreview } from "./run-preview.ts";

afterEach(() => vi.unstubAllEnvs());

it("refuses to be started in production", async () => {
  vi.stubEnv("NODE_ENV", "production");
  const started = createLocalShopify({ port: 0, appUrl: "http://127.0.0.1:9", apiKey: "k", apiSecret: "s" });
  await expect(started).rejects.toThrow("cannot run with NODE_ENV=production");
});

it("is not started by a preview in production either", async () => {
  const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  expect(await runPreview({ appEntry: "none.ts", environment: { NODE_ENV: "production" } })).toBe(1);
  expect(said).toHaveBeenCalledWith("The preview does not run with NODE_ENV=production.\n");
  said.mockRestore();
});
