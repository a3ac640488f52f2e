import { z } from "zod";
import { systemClock, utcDay } from "#app/kernel/clock.ts";
import { microUsdFromUsd, type MicroUsd } from "#app/kernel/money.ts";
import { findModel, refusalOf } from "#app/painters/models.ts";

/** The settings of the three parts that Google can fill: who paints, where pictures lie, where quotas are held. */
export type GeminiConfig = {
  access: { by: "key"; apiKey: string } | { by: "vertex"; project: string; location: string };
  model: string;
  /** Painted with from 70 % of a shop's day, and while the model is down; null for none. */
  cheaperModel: string | null;
  imageSize: "1K" | "2K" | "4K";
  /** Only for a stand-in on this machine; null in production. */
  baseUrl: string | null;
  /** What the provider lets us spend in ten minutes. */
  spendingLimitMicroUsd: MicroUsd;
};

export type GalleryConfig =
  | { kind: "folder" }
  | {
      kind: "cloud-storage";
      project: string;
      privateBucket: string;
      previewBucket: string;
      apiEndpoint: string | null;
    };

export type QuotaStoreConfig =
  { kind: "database" } | { kind: "firestore"; project: string; database: string; emulatorHost: string | null };

const name = (fallback: string) => z.string().min(1).default(fallback);
const optional = () => z.string().min(1).optional();
const standIn = () => z.url({ protocol: /^https?$/ }).optional();

const defaultModels = { usual: "gemini-nano-banana-2.1", cheaper: "gemini-3.1-flash-lite-image" } as const;

export function googleSettings() {
  return {
    GOOGLE_CLOUD_PROJECT: optional().describe("Project of Firestore, Cloud Storage and Vertex AI."),
    GEMINI_API_KEY: optional().describe("Key of the Gemini API. Without it, Vertex AI in GOOGLE_CLOUD_PROJECT."),
    GEMINI_LOCATION: name("global").describe("Location of Vertex AI."),
    GEMINI_MODEL: name(defaultModels.usual).describe("The model that paints."),
    GEMINI_CHEAPER_MODEL: optional().describe(
      `Paints from 70 % of a shop's day on, and while the model is down; \`none\` for none. ${defaultModels.cheaper} where masters are of 1K.`,
    ),
    GEMINI_IMAGE_SIZE: z.enum(["1K", "2K", "4K"]).default("1K").describe("Size of the masters."),
    GEMINI_CALLS_AT_ONCE: z.coerce
      .number()
      .int()
      .min(1)
      .max(100)
      .default(12)
      .describe("Calls at once in one process; one shop has at most two thirds of them."),
    GEMINI_SPENDING_LIMIT_USD: z.coerce
      .number()
      .min(0)
      .max(100_000)
      .default(10)
      .describe("What Google lets the project spend in ten minutes (tier 1: $10, tier 2: $50), US dollars."),
    GEMINI_BASE_URL: standIn().describe("A stand-in for the Gemini API. Refused in production."),
    PRIVATE_BUCKET: optional().describe("Bucket of photos and masters."),
    PREVIEW_BUCKET: optional().describe("Public bucket of previews."),
    PREVIEWS_URL: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe("Address of the CDN in front of the preview bucket, where there is one."),
    STORAGE_API_ENDPOINT: standIn().describe("A stand-in for Cloud Storage. Refused in production."),
    FIRESTORE_DATABASE: name("(default)").describe("The Firestore database."),
    FIRESTORE_EMULATOR_HOST: optional().describe("Firestore emulator, `host:port`. Refused in production."),
  };
}

export type GoogleEnvironment = z.infer<z.ZodObject<ReturnType<typeof googleSettings>>>;
type Given = Record<string, string | undefined>;

/** What is missing or does not go together, a line each. */
export function googleProblems(given: Given): string[] {
  const problems: string[] = [];
  const need = (when: boolean, names: string[], why: string) => {
    for (const missing of names.filter((setting) => when && given[setting] === undefined))
      problems.push(`${missing}: ${why}`);
  };
  if (given.PAINTER === "gemini") problems.push(...modelProblems(given));
  const usesVertex = given.PAINTER === "gemini" && given.GEMINI_API_KEY === undefined;
  need(usesVertex, ["GOOGLE_CLOUD_PROJECT"], "PAINTER=gemini needs GEMINI_API_KEY, or a project with Vertex AI");
  const buckets = ["GOOGLE_CLOUD_PROJECT", "PRIVATE_BUCKET", "PREVIEW_BUCKET"];
  need(given.GALLERY === "cloud-storage", buckets, "GALLERY=cloud-storage needs it");
  need(given.QUOTA_STORE === "firestore", ["GOOGLE_CLOUD_PROJECT"], "QUOTA_STORE=firestore needs it");
  if (given.PRIVATE_BUCKET !== undefined && given.PRIVATE_BUCKET === given.PREVIEW_BUCKET)
    problems.push("PREVIEW_BUCKET: everybody can read it, so it cannot be the private bucket");
  const standIns = ["GEMINI_BASE_URL", "STORAGE_API_ENDPOINT", "FIRESTORE_EMULATOR_HOST"];
  for (const setting of standIns.filter((name) => given.NODE_ENV === "production" && given[name] !== undefined))
    problems.push(`${setting}: a stand-in cannot be used in production`);
  return [...new Set(problems)];
}

/** A model without a price, of another size or already shut down is found out now and not by a paying shopper. */
function modelProblems(given: Given): string[] {
  const size = given.GEMINI_IMAGE_SIZE ?? "1K";
  const chosen = [
    ["GEMINI_MODEL", given.GEMINI_MODEL ?? defaultModels.usual],
    ["GEMINI_CHEAPER_MODEL", given.GEMINI_CHEAPER_MODEL ?? (size === "1K" ? defaultModels.cheaper : "none")],
  ] as const;
  return chosen.flatMap(([setting, id]) => {
    if (setting === "GEMINI_CHEAPER_MODEL" && id === "none") return [];
    const refusal = refusalOf(id, utcDay(systemClock.nowMs()));
    if (refusal !== undefined) return [`${setting}: ${refusal}`];
    const sizes = findModel(id)?.sizes.map(String) ?? [];
    return sizes.includes(size) ? [] : [`${setting}: "${id}" paints ${sizes.join(", ")} and not ${size}`];
  });
}

export function geminiFrom(env: GoogleEnvironment): GeminiConfig {
  return {
    access:
      env.GEMINI_API_KEY === undefined
        ? { by: "vertex", project: env.GOOGLE_CLOUD_PROJECT ?? "", location: env.GEMINI_LOCATION }
        : { by: "key", apiKey: env.GEMINI_API_KEY },
    model: env.GEMINI_MODEL,
    cheaperModel: cheaperModelFrom(env),
    imageSize: env.GEMINI_IMAGE_SIZE,
    baseUrl: env.GEMINI_BASE_URL ?? null,
    spendingLimitMicroUsd: microUsdFromUsd(env.GEMINI_SPENDING_LIMIT_USD),
  };
}

function cheaperModelFrom(env: GoogleEnvironment): string | null {
  const cheaper = env.GEMINI_CHEAPER_MODEL ?? (env.GEMINI_IMAGE_SIZE === "1K" ? defaultModels.cheaper : "none");
  return cheaper === "none" || cheaper === env.GEMINI_MODEL ? null : cheaper;
}

export function galleryFrom(env: GoogleEnvironment & { GALLERY: "folder" | "cloud-storage" }): {
  gallery: GalleryConfig;
  previewsUrl: string | null;
} {
  if (env.GALLERY === "folder") return { gallery: { kind: "folder" }, previewsUrl: null };
  const previewBucket = env.PREVIEW_BUCKET ?? "";
  const bucketUrl = `${env.STORAGE_API_ENDPOINT ?? "https://storage.googleapis.com"}/${previewBucket}`;
  return {
    gallery: {
      kind: "cloud-storage",
      project: env.GOOGLE_CLOUD_PROJECT ?? "",
      privateBucket: env.PRIVATE_BUCKET ?? "",
      previewBucket,
      apiEndpoint: env.STORAGE_API_ENDPOINT ?? null,
    },
    previewsUrl: (env.PREVIEWS_URL ?? bucketUrl).replace(/\/+$/, ""),
  };
}

export function quotaStoreFrom(env: GoogleEnvironment & { QUOTA_STORE: "database" | "firestore" }): QuotaStoreConfig {
  if (env.QUOTA_STORE === "database") return { kind: "database" };
  return {
    kind: "firestore",
    project: env.GOOGLE_CLOUD_PROJECT ?? "",
    database: env.FIRESTORE_DATABASE,
    emulatorHost: env.FIRESTORE_EMULATOR_HOST ?? null,
  };
}
