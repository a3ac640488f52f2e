import type { FileMetadata } from "@google-cloud/storage";
import type { ObjectFacts } from "#app/gallery/object-store.ts";

/**
 * An object's facts as Cloud Storage keeps them. The attributes are one value of printable ASCII, JSON with everything
 * else escaped: names of metadata lose their case on the way through headers, and values their line ends.
 */
const attributesName = "attributes";
const writerName = "writer";

/** Of all metadata of an object together, as the service counts it, bytes. */
const maxMetadataBytes = 8 * 1024;

/** @throws RangeError for more attributes than Cloud Storage keeps beside an object */
export function metadataFrom(attributes: ObjectFacts["attributes"], writer: string): Record<string, string> {
  const metadata = { [attributesName]: asciiJson(attributes), [writerName]: writer };
  const bytes = Object.entries(metadata).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (bytes > maxMetadataBytes)
    throw new RangeError(`the attributes of an object take ${bytes} bytes of ${maxMetadataBytes}`);
  return metadata;
}

export function factsFrom({ contentType, metadata }: FileMetadata): ObjectFacts {
  const attributes = metadata?.[attributesName];
  return {
    contentType: contentType ?? "application/octet-stream",
    attributes: typeof attributes === "string" ? (JSON.parse(attributes) as ObjectFacts["attributes"]) : {},
  };
}

/** Whether this very write made the object: its own name for itself is there, and so are its bytes. */
export function isWrittenBy({ metadata, crc32c }: FileMetadata, write: { writer: string; crc32c: string }): boolean {
  return metadata?.[writerName] === write.writer && crc32c === write.crc32c;
}

const asciiJson = (value: object): string =>
  JSON.stringify(value).replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);

const dayMs = 24 * 60 * 60 * 1000;

/** The end of the UTC day, so that an object that is used often is dated once a day and not at each use. */
export const endOfDay = (atMs: number): Date => new Date(Math.ceil(atMs / dayMs) * dayMs);
