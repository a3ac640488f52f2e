import { createHash } from "node:crypto";
import type { ObjectStore } from "./object-store.ts";
import { portraitObjectName } from "./portrait-key.ts";

/**
 * The finished portraits of all shops, by key. `find` is what makes the second wish instant and free; `keep` lets the
 * first writer win, so that a job that ran twice cannot change a picture that somebody has already seen.
 */
export type Gallery = {
  /** @returns undefined when no such portrait was kept */
  find(shop: string, key: string): Promise<GalleryEntry | undefined>;
  /** Keeps the picture, or returns the facts of the one that is there already. */
  keep(shop: string, key: string, picture: NewPicture): Promise<GalleryEntry>;
  read(objectName: string): Promise<{ bytes: Buffer; contentType: string } | undefined>;
};

export type NewPicture = {
  bytes: Buffer;
  contentType: string;
  width: number;
  height: number;
  painter: string;
  model: string;
  backgroundKept: boolean;
};

export type GalleryEntry = Omit<NewPicture, "bytes"> & { objectName: string; sha256: string };

export function createGallery(objects: ObjectStore): Gallery {
  const find: Gallery["find"] = async (shop, key) => {
    const objectName = portraitObjectName(shop, key);
    const facts = await objects.stat(objectName);
    return facts === undefined ? undefined : entryFrom(objectName, facts.contentType, facts.attributes);
  };

  return Object.freeze({
    find,
    async keep(shop, key, { bytes, contentType, ...picture }) {
      const objectName = portraitObjectName(shop, key);
      const attributes = {
        width: String(picture.width),
        height: String(picture.height),
        painter: picture.painter,
        model: picture.model,
        backgroundKept: String(picture.backgroundKept),
        sha256: createHash("sha256").update(bytes).digest("hex"),
      };
      const outcome = await objects.create(objectName, bytes, { contentType, attributes });
      if (outcome === "created") return entryFrom(objectName, contentType, attributes);
      const winner = await find(shop, key);
      if (winner === undefined) throw new Error(`the object ${objectName} exists and cannot be read`);
      return winner;
    },
    read: (objectName) => objects.read(objectName),
  });
}

function entryFrom(objectName: string, contentType: string, attributes: Record<string, string>): GalleryEntry {
  return {
    objectName,
    contentType,
    width: Number(attributes.width),
    height: Number(attributes.height),
    painter: attributes.painter ?? "",
    model: attributes.model ?? "",
    backgroundKept: attributes.backgroundKept === "true",
    sha256: attributes.sha256 ?? "",
  };
}
