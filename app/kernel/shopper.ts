/**
 * Somebody in front of a product page. Who they are comes from Shopify's signature and from a token that we signed, never
 * from what a browser says of itself. The names are opaque: they carry no mail, no name, no address.
 */
export type Shopper = {
  shop: string;
  /** `c:<customer id>` of a logged-in customer, else null. */
  customer: string | null;
  /** `s:<session id>` */
  session: string;
  /** `a:<keyed hash>` of the network address; a soft signal, null where it is not known. */
  address: string | null;
};

/** Whose things are made now: the customer's once they are logged in, else the session's. */
export function ownerOf(shopper: Shopper): string {
  return shopper.customer ?? shopper.session;
}

/** Whose things are theirs: what they made as a guest stays visible after they have logged in. */
export function ownersOf(shopper: Shopper): string[] {
  return shopper.customer === null ? [shopper.session] : [shopper.customer, shopper.session];
}

const dayMs = 24 * 60 * 60 * 1000;

/** How long photos and portraits are kept when nobody orders them: 7 days for a guest, 180 for a customer. */
export function lifetimeMs(shopper: Shopper): number {
  return (shopper.customer === null ? 7 : 180) * dayMs;
}
