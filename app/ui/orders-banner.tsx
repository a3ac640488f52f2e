import { Banner, BlockStack, List } from "@shopify/polaris";
import type { UnpaintedOrder } from "#app/ledger/usage-report.ts";
import { unpaintedWording } from "./orders-wording.ts";

/** Orders whose portraits only the merchant can finish; nothing where there are none, or where they could not be read. */
export function OrdersBanner({ orders }: { orders: UnpaintedOrder[] | null }) {
  if (orders === null || orders.length === 0) return null;
  const { title, lines } = unpaintedWording(orders);
  return (
    // In an element of its own, or Polaris puts twice the space between two banners.
    <div>
      <Banner tone="critical" title={title}>
        <BlockStack gap="200">
          <p>
            It is not tried again by itself: ask for another photo, or finish the order by hand. What went wrong, in the
            words that shoppers read:
          </p>
          <List>
            {lines.map((line) => (
              <List.Item key={line}>{line}</List.Item>
            ))}
          </List>
        </BlockStack>
      </Banner>
    </div>
  );
}
