import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createMemoryObjectStore } from "#test/builders/memory-object-store.ts";
import { createGallery, type NewPicture } from "./gallery.ts";

const picture = (text: string, facts: Partial<NewPicture> = {}): NewPicture => ({
  bytes: Buffer.from(text),
  contentType: "image/jpeg",
  width: 1024,
  height: 1280,
  painter: "preview",
  model: "preview-1",
  backgroundKept: false,
  ...facts,
});
const open = () => createGallery(createMemoryObjectStore().store);

describe("the gallery", () => {
  it("finds a picture again with everything that is known of it", async () => {
    const gallery = open();
    const kept = await gallery.keep("a.shop", "k", picture("one", { backgroundKept: true }));
    expect(kept).toEqual({
      objectName: "shops/a.shop/portraits/k",
      sha256: createHash("sha256").update("one").digest("hex"),
      contentType: "image/jpeg",
      width: 1024,
      height: 1280,
      painter: "preview",
      model: "preview-1",
      backgroundKept: true,
    });
    expect(await gallery.find("a.shop", "k")).toEqual(kept);
    expect((await gallery.read(kept.objectName))?.bytes.toString()).toBe("one");
  });

  it("keeps the first picture of a key, and gives its facts to who comes second", async () => {
    const gallery = open();
    const first = await gallery.keep("a.shop", "k", picture("first", { width: 1 }));
    expect(await gallery.keep("a.shop", "k", picture("second", { width: 2 }))).toEqual(first);
    expect((await gallery.read(first.objectName))?.bytes.toString()).toBe("first");
  });

  it("knows nothing of another shop's picture", async () => {
    const gallery = open();
    await gallery.keep("a.shop", "k", picture("one"));
    expect(await gallery.find("b.shop", "k")).toBeUndefined();
    expect(await gallery.find("a.shop", "other")).toBeUndefined();
  });
});
