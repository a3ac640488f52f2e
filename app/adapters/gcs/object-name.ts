/**
 * Names of objects are made by us from keys and shop domains. Cloud Storage would take nearly anything; what no folder
 * could hold is refused here as it is there, so that a name means the same wherever the bytes lie.
 *
 * @throws RangeError for any other name
 */
export function refuseOddName(name: string): void {
  if (!name.split("/").every((part) => /^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(part)))
    throw new RangeError(`not an object name: ${name}`);
}

/** @throws RangeError when what the prefix says of folders is no name */
export function refuseOddPrefix(prefix: string): void {
  const slash = prefix.lastIndexOf("/");
  if (slash !== -1) refuseOddName(prefix.slice(0, slash));
}
