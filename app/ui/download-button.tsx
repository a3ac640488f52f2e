import { BlockStack, Button, InlineError } from "@shopify/polaris";
import { useId, useState } from "react";

type Props = { url: string; fileName: string; children: string };

/**
 * Saves what a door of ours answers as a file. It is fetched, because only a fetch carries the merchant's session token:
 * a plain link out of the admin's frame would arrive as nobody's.
 */
export function DownloadButton({ url, fileName, children }: Props) {
  const id = useId();
  const [state, setState] = useState<"ready" | "working" | "failed">("ready");
  const download = async () => {
    setState("working");
    try {
      await saveAs(url, fileName);
      setState("ready");
    } catch {
      setState("failed");
    }
  };
  return (
    <BlockStack gap="100" inlineAlign="start">
      <Button id={id} loading={state === "working"} onClick={() => void download()}>
        {children}
      </Button>
      {state === "failed" && <InlineError fieldID={id} message="It could not be downloaded. Try again." />}
    </BlockStack>
  );
}

async function saveAs(url: string, fileName: string): Promise<void> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`the download was answered with ${response.status}`);
  const address = URL.createObjectURL(await response.blob());
  const link = Object.assign(document.createElement("a"), { href: address, download: fileName });
  link.click();
  // The browser has taken it over by the next turn of its loop; a minute is generous.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
