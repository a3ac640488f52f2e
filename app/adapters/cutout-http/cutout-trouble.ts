/**
 * Why a service did not cut a pet out. An `outage` may be over in a moment, so it is worth a second call and says
 * something about the next photo too; a `refusal` would be the same again and is about this photo alone. It never leaves
 * this folder: somebody else then does the cutting.
 */
export class CutoutTrouble extends Error {
  override readonly name = "CutoutTrouble";
  readonly kind: "outage" | "refusal";
  constructor(kind: "outage" | "refusal", why: string, options?: ErrorOptions) {
    super(why, options);
    this.kind = kind;
  }
}

export const isOutage = (error: unknown): boolean => error instanceof CutoutTrouble && error.kind === "outage";
