import type { GalleryEntry } from "#app/gallery/gallery.ts";
import type { PortraitRecord } from "#app/portraits/portrait-records.ts";

let number = 0;

/** A queued portrait of its own, as `portraits/request-portrait.ts` writes it down. */
export function portraitRecord(facts: Partial<PortraitRecord> = {}): PortraitRecord {
  number += 1;
  const createdAtMs = Date.parse("2026-03-29T12:00:00.123Z") + number;
  const id = `por_${String(number).padStart(22, "0")}`;
  return {
    id,
    shop: "a.shop",
    shopper: "c:1",
    session: "s:1",
    key: `key-${number}`,
    photos: [{ photoId: "pht_1", objectName: "shops/a.shop/photos/pht_1", sha256: "ab", crop: null }],
    style: "ink_wash",
    styleRevision: 1,
    take: 1,
    painter: "preview",
    model: "preview-1",
    status: "queued",
    stage: "waiting",
    cached: false,
    backgroundKept: false,
    cutoutBy: null,
    imageToken: null,
    objectName: null,
    width: null,
    height: null,
    contentType: null,
    error: null,
    reserved: {
      quota: { shop: "a.shop", requestId: id, claims: [] },
      budget: { shop: "a.shop", requestId: id, day: "2026-03-29", microUsd: 0 },
    },
    createdAtMs,
    startedAtMs: null,
    orderedAtMs: null,
    tries: 0,
    expiresAtMs: createdAtMs + 86_400_000,
    ...facts,
  };
}

export const galleryEntry = (facts: Partial<GalleryEntry> = {}): GalleryEntry => ({
  objectName: "shops/a.shop/portraits/k",
  sha256: "cd",
  contentType: "image/jpeg",
  width: 1024,
  height: 1280,
  painter: "preview",
  model: "preview-1",
  backgroundKept: true,
  cutoutBy: "classic-1",
  ...facts,
});
