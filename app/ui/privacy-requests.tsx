import { Badge, BlockStack, Card, EmptyState, InlineStack, Text } from "@shopify/polaris";
import type { PrivacyRequestRecord } from "#app/privacy/personal-records.ts";
import { DownloadButton } from "./download-button.tsx";
import emptyPrivacy from "./empty-privacy.svg";
import { requestWording } from "./privacy-wording.ts";
import { utcMoment } from "./time.ts";

type Props = {
  requests: PrivacyRequestRecord[];
  /** Where a request's document is. */
  documentUrl: (id: string) => string;
};

/** Every request about somebody's data, and the receipt of what was done. */
export function PrivacyRequests({ requests, documentUrl }: Props) {
  if (requests.length === 0) return <NoRequests />;
  return (
    <Card padding="0">
      <ul className="requests">
        {requests.map((request) => (
          <Request key={request.id} request={request} documentUrl={documentUrl(request.id)} />
        ))}
      </ul>
    </Card>
  );
}

function Request({ request, documentUrl }: { request: PrivacyRequestRecord; documentUrl: string }) {
  const words = requestWording(request);
  const done = request.completedAt !== null;
  return (
    <li className="requests__request">
      <BlockStack gap="100">
        <InlineStack gap="200" blockAlign="center">
          <Text as="h2" variant="headingSm">
            {words.title}
          </Text>
          <Badge tone={done ? "success" : "attention"} progress={done ? "complete" : "partiallyComplete"}>
            {done ? "Done" : "In progress"}
          </Badge>
        </InlineStack>
        <Text as="p">{words.summary}</Text>
        {words.proof !== null && <Text as="p">{words.proof}</Text>}
        <Text as="p" variant="bodySm" tone="subdued" breakWord>
          {utcMoment(request.receivedAt.getTime())} · {request.id}
        </Text>
      </BlockStack>
      {words.download !== null && (
        <DownloadButton url={documentUrl} fileName={`pet-portraits-${request.kind}-${request.id}.json`}>
          {words.download}
        </DownloadButton>
      )}
    </li>
  );
}

function NoRequests() {
  return (
    <Card>
      <EmptyState heading="No privacy requests" image={emptyPrivacy}>
        <p>
          When a shopper deletes their photos, or Shopify passes on a customer&apos;s request, it is done at once and
          its receipt is kept here.
        </p>
      </EmptyState>
    </Card>
  );
}
