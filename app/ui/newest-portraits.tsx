import { Bleed, BlockStack, Card, EmptyState, Text, type EmptyStateProps } from "@shopify/polaris";
import type { ReactNode } from "react";
import type { PortraitSummary } from "#app/ledger/usage-report.ts";
import emptyGallery from "./empty-gallery.svg";
import { PortraitTile } from "./portrait-tile.tsx";

type Props = {
  /** Null where they could not be read. */
  portraits: PortraitSummary[] | null;
  /** Where a portrait's picture is, by its token. */
  imageUrl: (token: string) => string;
  nowMs: number;
  /** Who cuts pets out when nothing is wrong; where another one stood in, the portrait says so. */
  usualRemover: string;
  /** Whether shoppers can see our block: only then is there a use in going to the store. */
  blockIsLive: boolean;
  storeUrl: string;
};

/** What shoppers made last, or how to make the first. */
export function NewestPortraits({ portraits, imageUrl, nowMs, usualRemover, blockIsLive, storeUrl }: Props) {
  if (portraits !== null && portraits.length === 0)
    return <FirstPortrait blockIsLive={blockIsLive} storeUrl={storeUrl} />;
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
              usualRemover={usualRemover}
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

function Gallery({ children }: { children: ReactNode }) {
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

function FirstPortrait({ blockIsLive, storeUrl }: { blockIsLive: boolean; storeUrl: string }) {
  // One thing to do at a time: while the block is not live, the button above is the one.
  const next: Pick<EmptyStateProps, "action"> = blockIsLive
    ? { action: { content: "Open your store", url: storeUrl, target: "_blank" } }
    : {};
  return (
    <Card>
      <Bleed marginBlockEnd="800">
        <EmptyState heading="Make the first portrait" image={emptyGallery} {...next}>
          <ol className="first-steps">
            {!blockIsLive && <li>Add the block to your product page, and save the theme.</li>}
            <li>Open a product in your store, and give it a photo of a pet.</li>
            <li>The portrait appears here a few seconds later.</li>
          </ol>
        </EmptyState>
      </Bleed>
    </Card>
  );
}
