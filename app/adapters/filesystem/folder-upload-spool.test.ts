import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createFolderUploadSpool } from "./folder-upload-spool.ts";

const folder = mkdtempSync(join(tmpdir(), "pet-portraits-spool-"));
afterAll(() => rmSync(folder, { recursive: true }));
const spool = createFolderUploadSpool(join(folder, "uploads"));
const files = () => readdirSync(join(folder, "uploads"));

function sender(chunks: Uint8Array[], broken = false) {
  const state = { taken: 0, cancelled: false };
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk = chunks[state.taken];
      state.taken += 1;
      if (chunk !== undefined) controller.enqueue(chunk);
      else if (broken) controller.error(new Error("ECONNRESET"));
      else controller.close();
    },
    cancel: () => void (state.cancelled = true),
  });
  return { body, state };
}

describe("an upload", () => {
  it("comes to lie in a file of its own, counted and hashed, that only we can read", async () => {
    const chunks = [Buffer.from("GIF"), Buffer.from("89a"), Buffer.alloc(300_000, 7)];
    const all = Buffer.concat(chunks);
    const upload = await spool.receive(sender(chunks).body, { maxBytes: all.length });
    expect(readFileSync(upload.path).equals(all)).toBe(true);
    expect(upload.bytes).toBe(all.length);
    expect(upload.sha256).toBe(createHash("sha256").update(all).digest("hex"));
    expect(upload.head.equals(all.subarray(0, 32))).toBe(true);
    expect(statSync(upload.path).mode & 0o777).toBe(0o600);
    expect(chunks.at(-1)?.buffer.byteLength).toBe(0);
    await upload.discard();
    await upload.discard();
    expect(files()).toEqual([]);
  });

  it("may be empty", async () => {
    const upload = await spool.receive(sender([]).body, { maxBytes: 10 });
    expect(upload).toMatchObject({ bytes: 0, head: Buffer.alloc(0) });
    await upload.discard();
  });

  it("that passes the limit by a byte is cut off there, and nothing of it stays", async () => {
    const { body, state } = sender(Array.from({ length: 1_000 }, () => Buffer.alloc(1_000)));
    await expect(spool.receive(body, { maxBytes: 9_999 })).rejects.toMatchObject({
      code: "photo_too_large",
      kind: "too-large",
    });
    expect(state).toMatchObject({ cancelled: true });
    expect(state.taken).toBeLessThan(20);
    expect(files()).toEqual([]);
  });

  it("whose sender goes away is nobody's fault, and nothing of it stays", async () => {
    const { body } = sender([Buffer.alloc(100)], true);
    await expect(spool.receive(body, { maxBytes: 1_000 })).rejects.toMatchObject({
      code: "upload_cut_off",
      report: false,
    });
    expect(files()).toEqual([]);
  });

  it("does not meet another one that comes at the same time", async () => {
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, n) => spool.receive(sender([Buffer.alloc(10_000, n)]).body, { maxBytes: 10_000 })),
    );
    for (const [n, upload] of all.entries())
      expect(readFileSync(upload.path).equals(Buffer.alloc(10_000, n))).toBe(true);
    for (const { discard } of all) await discard();
  });
});
