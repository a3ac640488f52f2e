import { createHash } from "node:crypto";
import type { ObjectFacts, ObjectStore } from "./object-store.ts";
import { portraitObjectName } from "./portrait-key.ts";
import type { Preview, PreviewMaker } from "./preview-maker.ts";

/**
 * The finished portraits of all shops, by key. `find` is what makes the second wish instant and free; `keep` lets the
 * first writer win, so that a job that ran twice cannot change a picture that somebody has already seen.
 *
 * A portrait is two objects of one name: the master as the painter gave it, which nobody but us can read, and the preview
 * that the page shows. The master decides; the preview follows from it.
 */
export type Gallery = {
  /** @returns undefined when no such portrait was kept */
  find(shop: string, key: string): Promise<GalleryEntry | undefined>;
  /** Whether a picture that was given once is still there. */
  has(objectName: string): Promise<boolean>;
  /** Keeps the picture and publishes its preview, or returns the facts of the one that is there already. */
  keep(shop: string, key: string, picture: NewPicture, options?: KeepOptions): Promise<GalleryEntry>;
  /** Makes sure that a kept portrait can be seen: its process may have died between the master and the preview. */
  publish(objectName: string): Promise<void>;
  /**
   * Somebody else has the portrait now, or has it longer: storage's own rules must leave it alone until then. A preview
   * that was lost is made again.
   */
  keepUntil(objectName: string, atMs: number): Promise<void>;
  /** The preview's bytes. */
  read(objectName: string): Promise<{ bytes: Buffer; contentType: string } | undefined>;
};

export type NewPicture = {
  bytes: Buffer;
  contentType: string;
  /** Pixels. */
  width: number;
  height: number;
  painter: string;
  model: string;
  backgroundKept: boolean;
  /** The variant of the remover that really cut the pet out; several, sorted and joined by `+`. */
  cutoutBy: string;
};

export type KeepOptions = { keepUntilMs?: number };

/** `contentType`, `width` and `height` are the preview's: what a page shows. `sha256` is the master's. */
export type GalleryEntry = Omit<NewPicture, "bytes"> & { objectName: string; sha256: string };

export type GalleryParts = { masters: ObjectStore; previews: ObjectStore; previewMaker: PreviewMaker };

export function createGallery({ masters, previews, previewMaker }: GalleryParts): Gallery {
  const find: Gallery["find"] = async (shop, key) => {
    const objectName = portraitObjectName(shop, key);
    const facts = await masters.stat(objectName);
    return facts === undefined ? undefined : entryFrom(objectName, facts);
  };
  const show = (objectName: string, { bytes, contentType, width, height }: Preview, options: KeepOptions = {}) =>
    previews.create(objectName, bytes, {
      contentType,
      attributes: { width: String(width), height: String(height) },
      ...options,
    });
  const showAnew = async (objectName: string, options: KeepOptions = {}): Promise<void> => {
    const master = await masters.read(objectName);
    if (master !== undefined) await show(objectName, await previewMaker.make(master.bytes), options);
  };
  const publish: Gallery["publish"] = async (objectName) => {
    if ((await previews.stat(objectName)) === undefined) await showAnew(objectName);
  };

  return Object.freeze({
    find,
    publish,
    has: async (objectName) => (await masters.stat(objectName)) !== undefined,
    async keep(shop, key, picture, options = {}) {
      const objectName = portraitObjectName(shop, key);
      const preview = await previewMaker.make(picture.bytes);
      const facts = { contentType: picture.contentType, attributes: attributesOf(picture, preview) };
      if ((await masters.create(objectName, picture.bytes, { ...facts, ...options })) === "created") {
        await show(objectName, preview, options);
        return entryFrom(objectName, facts);
      }
      const winner = await find(shop, key);
      if (winner === undefined) throw new Error(`the object ${objectName} exists and cannot be read`);
      await publish(objectName);
      return winner;
    },
    async keepUntil(objectName, atMs) {
      const stores = [masters, previews];
      const [isKept, isShown] = await Promise.all(stores.map((store) => store.keepUntil(objectName, atMs)));
      // Storage may have failed between the two; whoever is given the picture now wants to see it.
      if (isKept && !isShown) await showAnew(objectName, { keepUntilMs: atMs });
    },
    async read(objectName) {
      const preview = await previews.read(objectName);
      if (preview !== undefined) return preview;
      await publish(objectName);
      return previews.read(objectName);
    },
  } satisfies Gallery);
}

function attributesOf(picture: NewPicture, preview: Preview): Record<string, string> {
  return {
    width: String(picture.width),
    height: String(picture.height),
    painter: picture.painter,
    model: picture.model,
    backgroundKept: String(picture.backgroundKept),
    cutoutBy: picture.cutoutBy,
    sha256: createHash("sha256").update(picture.bytes).digest("hex"),
    previewType: preview.contentType,
    previewWidth: String(preview.width),
    previewHeight: String(preview.height),
  };
}

function entryFrom(objectName: string, { contentType, attributes }: ObjectFacts): GalleryEntry {
  return {
    objectName,
    contentType: attributes.previewType ?? contentType,
    width: Number(attributes.previewWidth ?? attributes.width),
    height: Number(attributes.previewHeight ?? attributes.height),
    painter: attributes.painter ?? "",
    model: attributes.model ?? "",
    backgroundKept: attributes.backgroundKept === "true",
    cutoutBy: attributes.cutoutBy ?? "",
    sha256: attributes.sha256 ?? "",
  };
}
