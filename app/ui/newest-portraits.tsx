import { BlockStack, Card, EmptyState, Text } from "@shopify/polaris";
import type { PortraitSummary } from "#app/ledger/usage-report.ts";
import emptyGallery from "./empty-gallery.svg";
import { PortraitTile } from "./portrait-tile.tsx";

type Props = {
  /** Null where they could not be read. */
  portraits: PortraitSummary[] | null;
  /** Where a portrait's picture is, by its token. */
  imageUrl: (token: string) => string;
  nowMs: number;
  addUrl: string;
  storeUrl: string;
};

/** What shoppers made last, or how to make the first. */
export function NewestPortraits({ portraits, imageUrl, nowMs, addUrl, storeUrl }: Props) {
  if (portraits !== null && portraits.length === 0) return <FirstPortrait addUrl={addUrl} storeUrl={storeUrl} />;
  return (
    <Gallery>
      {portraits === null ? (
        <Text as="p" tone="subdued">
          The portraits could not be read. Reload the page in a moment.
        </Text>
      ) : (
        <ul className="portraits">
          {portraits.map((portrait) => (
            <PortraitTile
              key={portrait.id}
              portrait={portrait}
              imageUrl={portrait.imageToken === null ? null : imageUrl(portrait.imageToken)}
              nowMs={nowMs}
            />
          ))}
        </ul>
      )}
    </Gallery>
  );
}

export function NewestPortraitsWaiting({ tiles }: { tiles: number }) {
  return (
    <Gallery>
      <ul className="portraits" aria-busy="true">
        {Array.from({ length: tiles }, (_, tile) => (
          <li key={tile} className="portrait" aria-hidden="true">
            <div className="portrait__frame portrait__picture--loading" />
            <div className="portrait__line" />
            <div className="portrait__line portrait__line--short" />
          </li>
        ))}
      </ul>
    </Gallery>
  );
}

function Gallery({ children }: { children: React.ReactNode }) {
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          Newest portraits
        </Text>
        {children}
      </BlockStack>
    </Card>
  );
}

function FirstPortrait({ addUrl, storeUrl }: { addUrl: string; storeUrl: string }) {
  return (
    <Card>
      <EmptyState
        heading="Make the first portrait"
        image={emptyGallery}
        action={{ content: "Open your store", url: storeUrl, target: "_blank" }}
        secondaryAction={{ content: "Add the block to a product", url: addUrl, target: "_blank" }}
      >
        <p>
          Open a product page that shows the portrait block and give it a photo of a pet. The portrait appears here a few
          seconds later.
        </p>
      </EmptyState>
    </Card>
  );
}
