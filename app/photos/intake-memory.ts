/**
 * How the memory that the process may use is shared out: the house at rest, photos on their way in, pixels at work. A
 * container's files lie in its memory too, so a spooled photo counts wherever the spool is.
 */
export type IntakeMemory = {
  /** For photos on their way and spooled, bytes. */
  uploadBytes: number;
  /** For pictures being decoded, cut out or painted, and for photos that are being stored, bytes. */
  pixelBytes: number;
};

/** The house with nothing to do, on a PostgreSQL server and with Google's SDKs: 180 to 250 MB were measured. */
const atRestBytes = 230_000_000;
/** The largest photo that is taken at all has to fit, or nobody could ever send it. */
const leastUploadBytes = 50_000_000;
/** A photo straight from a camera has to fit, at 48 megapixels. */
const leastPixelBytes = 100_000_000;

/** @param memoryBytes - that the process may use; below 400 MB the shares are more than there is */
export function intakeMemory(memoryBytes: number): IntakeMemory {
  const free = Math.max(0, memoryBytes - atRestBytes);
  return Object.freeze({
    uploadBytes: Math.max(leastUploadBytes, Math.floor(free / 3)),
    pixelBytes: Math.max(leastPixelBytes, Math.floor(free / 2)),
  });
}
