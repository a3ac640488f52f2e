import { portraitKey } from "#app/gallery/portrait-key.ts";
import type { PortraitRecord } from "./portrait-records.ts";

/** The key of a portrait's picture, with the remover that cuts it, or that really did. */
export function keyOfPicture(
  secret: string,
  portrait: Pick<PortraitRecord, "photos" | "style" | "styleRevision" | "painter" | "model" | "take">,
  { cutout, size }: { cutout: string; size: { width: number; height: number } },
): string {
  const { photos, style, styleRevision, painter, model, take } = portrait;
  return portraitKey(secret, { photos, cutout, style, styleRevision, painter, model, ...size, take });
}
