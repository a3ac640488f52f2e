import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createMemoryObjectStore } from "#test/builders/memory-object-store.ts";
import { createGallery, type NewPicture } from "./gallery.ts";
import { joinStores } from "./join-stores.ts";
import type { PreviewMaker } from "./preview-maker.ts";

/** A preview that says what it is made from. */
const previewMaker: PreviewMaker = {
  make: async (master) => ({
    bytes: Buffer.from(`small ${master.toString()}`),
    contentType: "image/webp",
    width: 10,
    height: 20,
  }),
};

const picture = (text: string, facts: Partial<NewPicture> = {}): NewPicture => ({
  bytes: Buffer.from(text),
  contentType: "image/jpeg",
  width: 1024,
  height: 1280,
  painter: "preview",
  model: "preview-1",
  backgroundKept: false,
  cutoutBy: "classic-1",
  ...facts,
});
const shelves = () => {
  const [masters, previews] = [createMemoryObjectStore(), createMemoryObjectStore()];
  return {
    masters,
    previews,
    gallery: createGallery({ masters: masters.store, previews: previews.store, previewMaker }),
  };
};
const open = () => shelves().gallery;

describe("the gallery", () => {
  it("finds a picture again with everything that is known of it", async () => {
    const gallery = open();
    const kept = await gallery.keep("a.shop", "k", picture("one", { backgroundKept: true }));
    expect(kept).toEqual({
      objectName: "shops/a.shop/portraits/k",
      sha256: createHash("sha256").update("one").digest("hex"),
      contentType: "image/webp",
      width: 10,
      height: 20,
      painter: "preview",
      model: "preview-1",
      backgroundKept: true,
      cutoutBy: "classic-1",
    });
    expect(await gallery.find("a.shop", "k")).toEqual(kept);
    expect((await gallery.read(kept.objectName))?.bytes.toString()).toBe("small one");
  });

  it("keeps the first picture of a key, and gives its facts to who comes second", async () => {
    const gallery = open();
    const first = await gallery.keep("a.shop", "k", picture("first", { width: 1 }));
    expect(await gallery.keep("a.shop", "k", picture("second", { width: 2 }))).toEqual(first);
    expect((await gallery.read(first.objectName))?.bytes.toString()).toBe("small first");
  });

  it("knows nothing of another shop's picture", async () => {
    const gallery = open();
    await gallery.keep("a.shop", "k", picture("one"));
    expect(await gallery.find("b.shop", "k")).toBeUndefined();
    expect(await gallery.find("a.shop", "other")).toBeUndefined();
  });

  it("shows the first picture's preview also where its process died before it was made", async () => {
    const { gallery, masters, previews } = shelves();
    const first = await gallery.keep("a.shop", "k", picture("first"));
    await previews.store.delete(first.objectName);
    await gallery.keep("a.shop", "k", picture("second"));
    expect((await previews.store.read(first.objectName))?.bytes.toString()).toBe("small first");
    await previews.store.delete(first.objectName);
    await gallery.publish(first.objectName);
    await gallery.publish(first.objectName);
    expect(previews.names()).toEqual(masters.names());
    await previews.store.delete(first.objectName);
    expect((await gallery.read(first.objectName))?.bytes.toString()).toBe("small first");
  });

  it("shows nothing of a picture that it does not have", async () => {
    const { gallery, previews } = shelves();
    await gallery.publish("shops/a.shop/portraits/none");
    expect(await gallery.read("shops/a.shop/portraits/none")).toBeUndefined();
    expect(previews.names()).toEqual([]);
  });

  it("never gives the master to the public", async () => {
    const { gallery, masters } = shelves();
    const { objectName } = await gallery.keep("a.shop", "k", picture("one"));
    expect((await masters.store.read(objectName))?.bytes.toString()).toBe("one");
    expect((await gallery.read(objectName))?.contentType).toBe("image/webp");
  });
});

describe("the private and the public store as one", () => {
  it("deletes a picture from both, and lists whatever is left in either", async () => {
    const { gallery, masters, previews } = shelves();
    const { objectName } = await gallery.keep("a.shop", "k", picture("one"));
    const both = joinStores({ masters: masters.store, previews: previews.store });
    expect(await both.delete(objectName)).toBe(true);
    expect([masters.names(), previews.names()]).toEqual([[], []]);
    expect(await both.delete(objectName)).toBe(false);
    previews.put("shops/a.shop/portraits/left");
    const left: string[] = [];
    for await (const name of both.list("shops/a.shop/")) left.push(name);
    expect(left).toEqual(["shops/a.shop/portraits/left"]);
    expect(await both.stat("shops/a.shop/portraits/left")).toBeDefined();
  });
});
