/** What the intake needs of the object store: photos are written once and then left alone, or taken back. */
export interface PhotoBytes {
  create(
    name: string,
    bytes: Buffer,
    facts: { contentType: string; attributes: Record<string, string>; keepUntilMs?: number },
  ): Promise<"created" | "exists">;
  /** @returns undefined when there is no such object */
  stat(name: string): Promise<object | undefined>;
  /** Puts off the day from which storage's own rules may delete the photo. @returns false when there is none */
  keepUntil(name: string, atMs: number): Promise<boolean>;
  delete(name: string): Promise<boolean>;
}
