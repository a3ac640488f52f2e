import { randomBytes } from "node:crypto";

/**
 * Where names come from. An id is a short prefix that says what it names and 128 random bits: it can be shown to the
 * shopper who owns the thing, and nobody can guess another one.
 */
export type Ids = {
  next(kind: IdKind): string;
};

export type IdKind = "pht" | "por" | "att" | "ses" | "img" | "rcp" | "evt" | "bud";

export const randomIds: Ids = Object.freeze({
  next: (kind: IdKind) => `${kind}_${randomBytes(16).toString("base64url")}`,
});
