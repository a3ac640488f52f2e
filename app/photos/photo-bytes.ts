/** What the intake needs of the object store: photos are written once and then left alone, or taken back. */
export interface PhotoBytes {
  create(
    name: string,
    bytes: Buffer,
    facts: { contentType: string; attributes: Record<string, string> },
  ): Promise<"created" | "exists">;
  /** @returns undefined when there is no such object */
  stat(name: string): Promise<object | undefined>;
  delete(name: string): Promise<boolean>;
}
