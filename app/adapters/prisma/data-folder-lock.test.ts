import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lockDataFolder } from "./data-folder-lock.ts";

describe.each(["linux", "darwin"] as const)("the lock on a data folder (%s)", (platform) => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pet-portraits-lock-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("keeps a second one out and says what to do", async () => {
    const unlock = await lockDataFolder(folder, platform);
    await expect(lockDataFolder(folder, platform)).rejects.toThrow(/Another process already works in .*DATA_DIR/);
    await unlock();
  });

  it("is free again once it is given back", async () => {
    await (
      await lockDataFolder(folder, platform)
    )();
    await (
      await lockDataFolder(folder, platform)
    )();
  });

  it("is taken over from a process that was killed", async () => {
    const name = createHash("sha256").update(realpathSync(folder)).digest("hex").slice(0, 32);
    writeFileSync(join(tmpdir(), `pet-portraits-${name}.sock`), "");
    await (
      await lockDataFolder(folder, platform)
    )();
    rmSync(join(tmpdir(), `pet-portraits-${name}.sock`), { force: true });
  });
});
