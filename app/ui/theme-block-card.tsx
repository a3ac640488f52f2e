import {
  Badge,
  BlockStack,
  Box,
  Button,
  Card,
  InlineStack,
  SkeletonBodyText,
  SkeletonDisplayText,
  Text,
} from "@shopify/polaris";
import type { BlockPlacement } from "./theme-block.ts";

type Props = {
  /** Undefined while Shopify is being asked. */
  placement: BlockPlacement | undefined;
  addUrl: string;
  editorUrl: string;
};

/** Can shoppers see us at all? The first question of a merchant, and the first thing that they can do about it. */
export function ThemeBlockCard({ placement, addUrl, editorUrl }: Props) {
  const words = placement === undefined ? undefined : wording[placement];
  return (
    <Card>
      <div className="theme-block" aria-busy={words === undefined}>
        {words === undefined ? (
          <Waiting />
        ) : (
          <>
            <BlockStack gap="100">
              <InlineStack gap="200" blockAlign="center">
                <Text as="h2" variant="headingMd">
                  Your product pages
                </Text>
                <Badge tone={words.tone}>{words.badge}</Badge>
              </InlineStack>
              <Text as="p" tone="subdued">
                {words.sentence}
              </Text>
            </BlockStack>
            <div className="theme-block__action">
              {placement === "live" || placement === "unavailable" ? (
                <Button url={editorUrl} target="_blank">
                  Open theme editor
                </Button>
              ) : (
                <Button variant="primary" url={addUrl} target="_blank">
                  Add to theme
                </Button>
              )}
            </div>
          </>
        )}
      </div>
    </Card>
  );
}

const wording: Record<
  BlockPlacement,
  { badge: string; tone: "success" | "attention" | "warning" | "info"; sentence: string }
> = {
  live: {
    badge: "In your live theme",
    tone: "success",
    sentence: "Shoppers find the portrait block on the products that use this template.",
  },
  absent: {
    badge: "Not in your live theme",
    tone: "attention",
    sentence: "Shoppers cannot make portraits yet. Add the block to your product page, then save the theme.",
  },
  unavailable: {
    badge: "Theme without app blocks",
    tone: "warning",
    sentence: "The product template of your live theme takes no app blocks. Choose a theme or template that does.",
  },
  unknown: {
    badge: "Not known",
    tone: "info",
    sentence:
      "Shopify did not say whether the block is in your live theme. You can look, or add it, in the theme editor.",
  },
};

/** As tall as the answer will be. */
function Waiting() {
  return (
    <Box width="100%">
      <span className="visually-hidden">Asking Shopify whether the block is in your live theme</span>
      <BlockStack gap="300">
        <SkeletonDisplayText size="small" maxWidth="24ch" />
        <SkeletonBodyText lines={1} />
      </BlockStack>
    </Box>
  );
}
