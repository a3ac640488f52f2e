import type { PortraitJson } from "../../app/http/storefront-api.ts";

/** A ready portrait; a test changes the one thing that it is about. */
export function portrait(changes: Partial<PortraitJson> = {}): PortraitJson {
  return {
    id: "por_0000000000000000000001",
    status: "ready",
    stage: null,
    style: "ink_wash",
    take: 1,
    cached: false,
    painter: "gemini",
    background_kept: false,
    image: { url: "https://pictures.test/p/1.jpg", width: 480, height: 600, content_type: "image/jpeg" },
    estimate_ms: null,
    error: null,
    created_at: "2026-11-24T08:00:00.000Z",
    expires_at: "2026-12-01T08:00:00.000Z",
    ...changes,
  };
}
