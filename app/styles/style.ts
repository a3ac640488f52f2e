/** A way of painting that a shopper can choose. */
export type Style = {
  id: string;
  /** As shoppers see it. */
  name: string;
  description: string;
  revision: number;
  prompt: string;
};
