import { Banner } from "@shopify/polaris";

/** A drawing of ours must never be taken for a painting of the AI's, by nobody and at no time: it cannot be dismissed. */
export function PreviewBanner() {
  return (
    <Banner tone="warning" title="Preview painter: portraits are drawn by this app, not by AI">
      <p>
        They cost nothing and show how everything works, from the product page to this one. Choose an AI painter before
        you sell portraits.
      </p>
    </Banner>
  );
}
