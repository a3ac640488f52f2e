/**
 * Where bytes lie: a folder on one machine, Cloud Storage in production. A handful of verbs. An object is written once and never
 * changed: who comes second learns that it is there and reads what the first one wrote.
 */
export interface ObjectStore {
  /**
   * Creates the object with its facts, both or neither.
   * @returns `exists` when the name was taken already; the stored bytes are then the first writer's, untouched
   */
  create(name: string, bytes: Buffer, facts: DatedFacts): Promise<"created" | "exists">;
  /** @returns undefined when there is no such object */
  read(name: string): Promise<StoredObject | undefined>;
  /** @returns undefined when there is no such object */
  stat(name: string): Promise<ObjectFacts | undefined>;
  /** @returns false when there was nothing to delete */
  delete(name: string): Promise<boolean>;
  /**
   * Puts off the day from which storage's own rules may delete the object; never brings it forward. Who deletes when is
   * decided by the records: those rules only take what the house has failed to take.
   * @returns false when there is no such object
   */
  keepUntil(name: string, atMs: number): Promise<boolean>;
  /** Names that start with `prefix`, in no particular order. For sweeps and for proving a deletion. */
  list(prefix: string): AsyncIterable<string>;
}

export type ObjectFacts = {
  contentType: string;
  /** Short strings kept beside the bytes: width, height, painter, … */
  attributes: Record<string, string>;
};

/** Facts of a new object, and the last day of which the house knows, milliseconds since the epoch. */
export type DatedFacts = ObjectFacts & { keepUntilMs?: number };

export type StoredObject = ObjectFacts & { bytes: Buffer };
