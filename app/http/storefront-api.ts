import { z } from "zod";

/**
 * The storefront contract in types: what the widget sends and what it gets. The widget imports the types and nothing
 * else; the doors parse with the schemas. A field that names a shopper or a shop is ignored wherever it appears
 * (identity comes from the signature).
 */

const fraction = z.number().min(0).max(1);
const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);

/** A rectangle of the upright photo in fractions of its sides, after `turn` degrees clockwise. */
export const cropSchema = z
  .object({
    x: fraction,
    y: fraction,
    width: fraction.positive(),
    height: fraction.positive(),
    turn: z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]).default(0),
  })
  .refine(
    (crop) => crop.x + crop.width <= 1.000_001 && crop.y + crop.height <= 1.000_001,
    "The crop leaves the photo.",
  );

const photoChoiceSchema = z.union([
  z.object({ id: z.string().regex(/^pht_[A-Za-z0-9_-]{22}$/), crop: cropSchema.optional() }),
  z.object({ source_sha256: sha256Hex, crop: cropSchema.optional() }),
]);

export const portraitRequestSchema = z.object({
  photos: z.array(photoChoiceSchema).min(1).max(3),
  style: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/),
  take: z.number().int().min(1).max(99).default(1),
  pending: z.boolean().default(false),
});

export const uploadRequestSchema = z.object({
  bytes: z.number().int().min(0),
  content_type: z.string().min(1).max(100),
});

export const uploadReceivedSchema = z.object({ photo_id: z.string().regex(/^pht_[A-Za-z0-9_-]{22}$/) });

export const eventNames = ["widget_viewed", "photo_chosen", "portrait_shown", "added_to_cart"] as const;

export const eventSchema = z.object({
  name: z.enum(eventNames),
  portrait_id: z
    .string()
    .regex(/^por_[A-Za-z0-9_-]{22}$/)
    .optional(),
});

export type CropJson = z.infer<typeof cropSchema>;
export type PortraitRequestJson = z.input<typeof portraitRequestSchema>;
export type PortraitRequest = z.output<typeof portraitRequestSchema>;
export type UploadRequestJson = z.input<typeof uploadRequestSchema>;
export type UploadReceivedJson = z.input<typeof uploadReceivedSchema>;
export type EventJson = z.infer<typeof eventSchema>;

export type PortraitStatus = "queued" | "making" | "ready" | "failed" | "cancelled" | "pending";
export type PortraitStage = "waiting" | "cutting_out" | "painting" | "saving";
export type QuotaLevel = "plenty" | "few" | "last" | "none";

export type PortraitJson = {
  id: string;
  status: PortraitStatus;
  stage: PortraitStage | null;
  style: string;
  take: number;
  cached: boolean;
  painter: "gemini" | "preview";
  background_kept: boolean;
  image: { url: string; width: number; height: number; content_type: string } | null;
  /** Milliseconds that are still to be expected, measured; null where nothing has been measured or nothing runs. */
  estimate_ms: number | null;
  error: { code: string; message: string; retryable: boolean } | null;
  created_at: string;
  expires_at: string;
};

export type QuotaJson = {
  limit: number;
  used: number;
  remaining: number;
  level: QuotaLevel;
  resets_at: string;
  blocked_by: null | "day" | "burst" | "address";
  retry_at: string | null;
};

export type StyleJson = { id: string; name: string; description: string; sample_url: string; revision: number };

export type SessionJson = {
  session: string;
  customer: boolean;
  styles: StyleJson[];
  /** Null while it cannot be read: what is painted is still given, and nothing new is begun. */
  quota: QuotaJson | null;
  limits: { max_bytes: number; min_side: number; max_side: number; accept: string[]; max_photos: number };
  upload: "proxy" | "direct";
  strategy: "on_demand";
};

export type PhotoNotice = { code: "shrunk" | "first_frame"; message: string };
export type PhotoJson = { id: string; sha256: string; width: number; height: number; notices: PhotoNotice[] };
export type PhotoAnswer = { photo: PhotoJson };
/** The bytes go to `url` as the last field, `file`, of a form with these fields; then `photos/received` says so. */
export type UploadJson = { url: string; fields: Record<string, string>; expires_at: string };
export type UploadAnswer = { upload: UploadJson; photo_id: string };
export type PortraitAnswer = { portrait: PortraitJson };
export type PortraitPollAnswer = { portrait: PortraitJson; quota: QuotaJson | null };
export type PortraitListAnswer = { portraits: PortraitJson[] };
export type ForgetReceiptJson = { photos: number; portraits: number; objects: number; at: string; id: string };
export type ForgetAnswer = { receipt: ForgetReceiptJson };
export type ErrorAnswer = {
  error: { code: string; message: string; retry_at?: string; field?: string };
  /** Where the shopper's portraits are used up: how they stand. */
  quota?: QuotaJson;
};
