import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFolderObjectStore } from "#app/adapters/filesystem/folder-object-store.ts";
import type { ObjectStore } from "#app/gallery/object-store.ts";
import { openGcsStore } from "#test/builders/gcs.ts";
import { createMemoryObjectStore } from "#test/builders/memory-object-store.ts";

/** Every place for bytes, with what it takes to open and to remove it. */
const stores: Record<string, () => Promise<{ store: ObjectStore; remove: () => Promise<void> }>> = {
  "a folder": async () => {
    const folder = mkdtempSync(join(tmpdir(), "pet-portraits-objects-"));
    return { store: createFolderObjectStore(folder), remove: async () => rmSync(folder, { recursive: true }) };
  },
  memory: async () => ({ store: createMemoryObjectStore().store, remove: async () => undefined }),
  "Cloud Storage": async () => {
    const { store, close } = await openGcsStore({ pageSize: 3 });
    return { store, remove: close };
  },
};

const facts = (attributes: Record<string, string> = {}) => ({ contentType: "image/jpeg", attributes });
const listed = async (store: ObjectStore, prefix: string) => {
  const names: string[] = [];
  for await (const name of store.list(prefix)) names.push(name);
  return names.sort();
};

describe.each(Object.entries(stores))("the object store in %s", (_name, open) => {
  let store: ObjectStore;
  let remove: () => Promise<void>;
  beforeAll(async () => ({ store, remove } = await open()));
  afterAll(() => remove());

  it("gives bytes back with their facts, exactly", async () => {
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, n) => n % 256));
    expect(await store.create("shops/a.shop/portraits/k1", bytes, facts({ painter: 'ü"\\\n', width: "1" }))).toBe(
      "created",
    );
    const stored = await store.read("shops/a.shop/portraits/k1");
    expect(stored?.bytes.equals(bytes)).toBe(true);
    expect(stored).toMatchObject({ contentType: "image/jpeg", attributes: { painter: 'ü"\\\n', width: "1" } });
    expect(await store.stat("shops/a.shop/portraits/k1")).toEqual(facts({ painter: 'ü"\\\n', width: "1" }));
  });

  it("keeps an object of no bytes and as many facts as Cloud Storage has room for", async () => {
    const many = facts(Object.fromEntries(Array.from({ length: 70 }, (_, n) => [`a${n}`, "x".repeat(100)])));
    await store.create("shops/a.shop/empty", Buffer.alloc(0), many);
    expect((await store.read("shops/a.shop/empty"))?.bytes).toHaveLength(0);
    expect(await store.stat("shops/a.shop/empty")).toEqual(many);
  });

  it("lets exactly one of many writers create a name, and everybody reads what that one wrote", async () => {
    const contents = Array.from({ length: 40 }, (_, n) => Buffer.alloc(50_000, n));
    const name = "shops/a.shop/portraits/race";
    const outcomes = await Promise.all(contents.map((bytes, n) => store.create(name, bytes, facts({ by: String(n) }))));
    expect(outcomes.filter((outcome) => outcome === "created")).toHaveLength(1);
    const winner = outcomes.indexOf("created");
    const stored = await store.read(name);
    expect(stored?.attributes).toEqual({ by: String(winner) });
    expect(stored?.bytes.equals(contents[winner] ?? Buffer.alloc(0))).toBe(true);
  });

  it("keeps the first bytes and facts when a name is taken", async () => {
    await store.create("shops/a.shop/first", Buffer.from("first"), facts({ n: "1" }));
    expect(await store.create("shops/a.shop/first", Buffer.from("second"), facts({ n: "2" }))).toBe("exists");
    expect(await store.read("shops/a.shop/first")).toEqual({ ...facts({ n: "1" }), bytes: Buffer.from("first") });
  });

  it("has nothing to say of what is not there", async () => {
    expect(await store.read("shops/a.shop/absent")).toBeUndefined();
    expect(await store.stat("shops/nobody.shop/photos/absent")).toBeUndefined();
    expect(await store.delete("shops/a.shop/absent")).toBe(false);
    expect(await listed(store, "shops/nobody.shop/")).toEqual([]);
  });

  it("deletes once, and the name is free again", async () => {
    await store.create("shops/a.shop/gone", Buffer.from("1"), facts());
    expect(await store.delete("shops/a.shop/gone")).toBe(true);
    expect(await store.delete("shops/a.shop/gone")).toBe(false);
    expect(await store.stat("shops/a.shop/gone")).toBeUndefined();
    expect(await store.create("shops/a.shop/gone", Buffer.from("2"), facts())).toBe("created");
  });

  it("keeps what is put off, and knows nothing of what is not there", async () => {
    const name = "shops/a.shop/portraits/kept";
    expect(await store.keepUntil(name, Date.parse("2030-01-01T00:00:00Z"))).toBe(false);
    await store.create(name, Buffer.from("x"), { ...facts(), keepUntilMs: Date.parse("2029-01-01T00:00:00Z") });
    expect(await store.keepUntil(name, Date.parse("2030-01-01T00:00:00Z"))).toBe(true);
    expect(await store.read(name)).toEqual({ ...facts(), bytes: Buffer.from("x") });
    await store.delete(name);
  });

  it("lists what begins with a prefix, also in the middle of a name, and nothing else", async () => {
    const names = [
      "shops/list.shop/photos/pht_1",
      "shops/list.shop/photos/pht_2",
      "shops/list.shop/portraits/k",
      "shops/list.shop-2/photos/pht_1",
    ];
    for (const name of names) await store.create(name, Buffer.from(name), facts());
    expect(await listed(store, "shops/list.shop/")).toEqual(names.slice(0, 3));
    expect(await listed(store, "shops/list.shop/photos/")).toEqual(names.slice(0, 2));
    expect(await listed(store, "shops/list.shop")).toEqual(names.slice().sort());
    expect(await listed(store, "")).toEqual(expect.arrayContaining(names));
  });

  it.each([
    "",
    ".",
    "..",
    "../x",
    "shops/../../x",
    "/etc/passwd",
    "shops//x",
    "shops/.hidden",
    "shops/x\0y",
    "shops/x y",
    "shops\\x",
    "shops/%2e%2e/x",
  ])("refuses the name %j in every verb", async (name) => {
    await expect(store.create(name, Buffer.from("x"), facts())).rejects.toThrow(RangeError);
    await expect(store.read(name)).rejects.toThrow(RangeError);
    await expect(store.stat(name)).rejects.toThrow(RangeError);
    await expect(store.delete(name)).rejects.toThrow(RangeError);
  });

  it("does not list what lies outside", async () => {
    await expect(listed(store, "../")).rejects.toThrow(RangeError);
    await expect(listed(store, "shops/../../")).rejects.toThrow(RangeError);
  });
});

describe("a folder of objects", () => {
  it("holds no half-written file after writers that lost and writers that failed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "pet-portraits-objects-"));
    const store = createFolderObjectStore(folder);
    await Promise.all(Array.from({ length: 10 }, () => store.create("shops/a/k", Buffer.from("x"), facts())));
    await store.create("shops/a/k/below-a-file", Buffer.from("x"), facts()).catch(() => undefined);
    expect(readdirSync(join(folder, "drafts"))).toEqual([]);
    expect(await listed(store, "")).toEqual(["shops/a/k"]);
    rmSync(folder, { recursive: true });
  });
});
