/** The secret under which a shop's portraits are keyed. Made at the first wish, gone when the shop is forgotten. */
export interface ShopSecrets {
  secretOf(shop: string): Promise<string>;
}
