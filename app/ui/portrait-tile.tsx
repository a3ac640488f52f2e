import { Icon, Text } from "@shopify/polaris";
import { AlertTriangleIcon, ClockIcon, PaintBrushRoundIcon } from "@shopify/polaris-icons";
import { useEffect, useRef, useState } from "react";
import type { PortraitSummary } from "#app/ledger/usage-report.ts";
import { timeAgo } from "./time.ts";

type Props = { portrait: PortraitSummary; imageUrl: string | null; nowMs: number; usualRemover: string };

/** One portrait: the picture, or in the same room why there is none. */
export function PortraitTile({ portrait, imageUrl, nowMs, usualRemover }: Props) {
  return (
    <li className="portrait">
      <div className="portrait__frame">
        {imageUrl === null ? <NoPicture portrait={portrait} /> : <Picture url={imageUrl} alt={altText(portrait)} />}
      </div>
      <Text as="p" variant="bodySm" fontWeight="semibold" truncate>
        {styleName(portrait.style)}
      </Text>
      <Text as="p" variant="bodySm" tone="subdued">
        {timeAgo(portrait.createdAt.getTime(), nowMs)}
      </Text>
      <Text as="p" variant="bodySm" tone="subdued">
        {remarks(portrait, usualRemover)}
      </Text>
    </li>
  );
}

/** `ink_wash` is shown as `Ink wash`. */
export function styleName(style: string): string {
  const words = style.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const altText = (portrait: PortraitSummary): string => `Portrait in the style ${styleName(portrait.style)}`;

function remarks(portrait: PortraitSummary, usualRemover: string): string | null {
  const { status, cached, backgroundKept, cutoutBy } = portrait;
  if (status !== "ready") return null;
  const stoodIn = cutoutBy !== null && cutoutBy !== usualRemover && `cut out by ${cutoutBy}`;
  const all = [cached && "from the cache", backgroundKept && "background kept", stoodIn].filter(Boolean).join(", ");
  return all === "" ? null : all.charAt(0).toUpperCase() + all.slice(1);
}

function Picture({ url, alt }: { url: string; alt: string }) {
  const image = useRef<HTMLImageElement>(null);
  const [state, setState] = useState<"loading" | "shown" | "gone">("loading");
  useEffect(() => {
    // It may have come, or failed, before there was anybody to hear of it.
    if (image.current?.complete) setState(image.current.naturalWidth > 0 ? "shown" : "gone");
  }, [url]);
  if (state === "gone") return <Message icon={AlertTriangleIcon} text="This picture could not be loaded." />;
  return (
    <img
      ref={image}
      className={state === "loading" ? "portrait__picture portrait__picture--loading" : "portrait__picture"}
      src={url}
      alt={alt}
      width={400}
      height={500}
      loading="lazy"
      decoding="async"
      onLoad={() => setState("shown")}
      onError={() => setState("gone")}
    />
  );
}

function NoPicture({ portrait }: { portrait: PortraitSummary }) {
  if (portrait.status === "failed") {
    return (
      <Message icon={AlertTriangleIcon} tone="critical" text={portrait.errorMessage ?? "It could not be painted."} />
    );
  }
  if (portrait.status === "pending") {
    return <Message icon={ClockIcon} text="The photo is kept. It is painted once it is ordered." />;
  }
  return <Message icon={PaintBrushRoundIcon} text="Being painted" busy />;
}

type MessageProps = { icon: typeof ClockIcon; text: string; tone?: "critical"; busy?: boolean };

function Message({ icon, text, tone, busy }: MessageProps) {
  return (
    <div className={busy ? "portrait__message portrait__message--busy" : "portrait__message"}>
      <Icon source={icon} tone={tone === "critical" ? "critical" : "subdued"} />
      <Text as="p" variant="bodySm" alignment="center" tone={tone === "critical" ? "critical" : "subdued"}>
        {text}
      </Text>
    </div>
  );
}
