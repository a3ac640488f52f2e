import type { LinksFunction, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { BlockStack, Button, Card, Page, Text } from "@shopify/polaris";
import polarisStyles from "@shopify/polaris/build/esm/styles.css?url";
import { AppProvider } from "@shopify/shopify-app-remix/react";

export const links: LinksFunction = () => [{ rel: "stylesheet", href: polarisStyles }];

/**
 * Where a merchant lands whom nobody has brought: with a shop they are sent on to it. Nobody is asked to type one,
 * because an app is installed and opened from Shopify only.
 */
export async function loader({ request, context: { house } }: LoaderFunctionArgs) {
  const refused = await house.shopify.login(request);
  return { badShop: "shop" in refused, apiKey: house.config.shopify.apiKey };
}

export default function Login() {
  const { badShop, apiKey } = useLoaderData<typeof loader>();
  return (
    <AppProvider isEmbeddedApp={false} apiKey={apiKey}>
      <Page narrowWidth>
        <Card padding="600">
          <BlockStack gap="400" inlineAlign="start">
            <Text as="h1" variant="headingLg">
              Pet Portraits opens in your Shopify admin
            </Text>
            <Text as="p">
              {badShop
                ? "The address that brought you here names no Shopify store. Open the app from your admin instead."
                : "Sign in to your store, and choose Pet Portraits from the apps."}
            </Text>
            <Button variant="primary" url="https://admin.shopify.com">
              Go to Shopify admin
            </Button>
          </BlockStack>
        </Card>
      </Page>
    </AppProvider>
  );
}
