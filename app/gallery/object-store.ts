/**
 * Where bytes lie: a folder on one machine, Cloud Storage in production. Four verbs. An object is written once and never
 * changed: who comes second learns that it is there and reads what the first one wrote.
 */
export interface ObjectStore {
  /**
   * Creates the object with its facts, both or neither.
   * @returns `exists` when the name was taken already; the stored bytes are then the first writer's, untouched
   */
  create(name: string, bytes: Buffer, facts: ObjectFacts): Promise<"created" | "exists">;
  /** @returns undefined when there is no such object */
  read(name: string): Promise<StoredObject | undefined>;
  /** @returns undefined when there is no such object */
  stat(name: string): Promise<ObjectFacts | undefined>;
  /** @returns false when there was nothing to delete */
  delete(name: string): Promise<boolean>;
  /** Names that start with `prefix`, in no particular order. For sweeps and for proving a deletion. */
  list(prefix: string): AsyncIterable<string>;
}

export type ObjectFacts = {
  contentType: string;
  /** Short strings kept beside the bytes: width, height, painter, … */
  attributes: Record<string, string>;
};

export type StoredObject = ObjectFacts & { bytes: Buffer };
