/**
 * Looks at a cutout that somebody else made before it is painted. Models answer 200 with a mask, with the photo as it
 * was, or with nothing at all, and a shopper would be the first to see it.
 */
export interface CutoutInspector {
  /**
   * @param photo - what the cutout was made of
   * @returns what is wrong with it, or undefined where it can be painted
   * @throws Error when the photo itself cannot be read
   */
  findFlaw(cutout: Buffer, of: { photo: Buffer }): Promise<CutoutFlaw | undefined>;
}

export type CutoutFlaw =
  "not a PNG" | "no alpha channel" | "another size than the photo" | "broken" | "nothing is left" | "nothing is gone";
