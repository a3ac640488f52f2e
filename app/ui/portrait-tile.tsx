import { Icon, Text } from "@shopify/polaris";
import { AlertTriangleIcon, ClockIcon, PaintBrushRoundIcon } from "@shopify/polaris-icons";
import { useEffect, useRef, useState } from "react";
import type { PortraitSummary } from "#app/ledger/usage-report.ts";
import { remarks, whyNoPicture } from "./portrait-wording.ts";
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
  const { text, is } = whyNoPicture(portrait);
  if (is === "wrong") return <Message icon={AlertTriangleIcon} tone="critical" text={text} />;
  return is === "waiting" ? (
    <Message icon={ClockIcon} text={text} />
  ) : (
    <Message icon={PaintBrushRoundIcon} text={text} busy />
  );
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
