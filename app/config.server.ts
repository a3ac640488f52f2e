import { totalmem } from "node:os";
import { isAbsolute, resolve } from "node:path";
import { z } from "zod";
import type { BudgetLimits } from "#app/ledger/budget-decisions.ts";
import { defaultQuotaLimits, type QuotaLimits } from "#app/quota/tiers.ts";
import {
  geminiFrom,
  googleProblems,
  googleSettings,
  type GeminiConfig,
  type GalleryConfig,
  type QuotaStoreConfig,
  galleryFrom,
  quotaStoreFrom,
} from "./google-settings.server.ts";
import { budgetsFrom, moneySettings } from "./money-settings.server.ts";

/**
 * The only reader of the environment. Everything that can be chosen is chosen here, once, at start; a start with a wrong
 * choice ends with all that is wrong, not with the first thing. In production nothing falls back to an embedded part:
 * each one must be named.
 */
export type Config = {
  production: boolean;
  /** Vite in the same process, for `npm run dev`. */
  devServer: boolean;
  host: string;
  port: number;
  /** Where browsers reach us; no slash at the end. */
  appUrl: string;
  shopify: {
    apiKey: string;
    apiSecret: string;
    scopes: string[];
    /** The local Shopify that stands in for the real one; always null in production. */
    localUrl: string | null;
  };
  dataDir: string;
  /** That the process may use, files of a container included. */
  memoryBytes: number;
  /** PostgreSQL server, or null for the embedded database in `dataDir`. */
  databaseUrl: string | null;
  painter: {
    kind: "preview" | "gemini";
    /** Portraits made at once in this process. */
    portraitsAtOnce: number;
    /** Threads for pixels. */
    threads: number;
    /** Portraits of all shops that may wait. */
    mostWaiting: number;
  };
  /** Null where previews are painted. */
  gemini: GeminiConfig | null;
  backgroundRemover:
    { kind: "classic" } | { kind: "rembg" | "inspyrenet"; url: string; version: string; model: string | null };
  gallery: GalleryConfig;
  /** Where browsers find previews that lie in a public bucket; null where our own door gives them. No slash at the end. */
  previewsUrl: string | null;
  quotaStore: QuotaStoreConfig;
  quota: QuotaLimits;
  /** What a shop and what all shops together may spend. */
  budgets: BudgetLimits;
  /** Proxies of ours that append to `X-Forwarded-For` behind Shopify's: 0 when Shopify calls us directly. */
  forwardedHops: number;
  log: { level: "debug" | "info" | "warn" | "error" | "silent" };
};

const previewApiKey = "0123456789abcdef0123456789abcdef";
const previewApiSecret = "local-preview-secret-never-used-in-production";

const text = (fallback?: string) => (fallback === undefined ? z.string().min(1) : z.string().min(1).default(fallback));
const whole = (fallback: number, least = 0) => z.coerce.number().int().min(least).default(fallback);
const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback);

function environmentSchema(production: boolean) {
  const part = partSchema(production);
  const server = z.string({ error: "production needs a PostgreSQL server" });
  const address = server.regex(/^postgres(ql)?:\/\//, "must be a postgresql:// address");
  return z.object({
    PORT: port(3000).describe("Port of the app."),
    HOST: text(production ? "0.0.0.0" : "127.0.0.1").describe("Address to listen on; 0.0.0.0 in production."),
    SHOPIFY_APP_URL: z
      .url({ protocol: production ? /^https$/ : /^https?$/ })
      .optional()
      .describe("Where browsers reach the app. Must be given in production."),
    SHOPIFY_API_KEY: (production ? text() : text(previewApiKey)).describe(
      "Client id of the app. Must be given in production.",
    ),
    SHOPIFY_API_SECRET: (production ? text() : text(previewApiSecret)).describe(
      "Client secret; checks what Shopify signs. Must be given in production.",
    ),
    SCOPES: text("write_app_proxy,read_products,read_orders").describe("Access scopes, as in shopify.app.toml."),
    DATABASE_URL: (production ? address : address.optional()).describe(
      "PostgreSQL server. Without it an embedded database in DATA_DIR; must be given in production.",
    ),
    DATA_DIR: text("data").describe("Folder of the embedded database, photos and portraits."),
    MEMORY_LIMIT_MB: z.coerce
      .number()
      .int()
      .min(256)
      .optional()
      .describe(
        "Memory that the process may use, MiB; photos are let in as far as it allows. Without it what the container or the machine has.",
      ),
    ...partSettings(part),
    ...googleSettings(),
    ...quotaSettings(),
    ...moneySettings(),
    FORWARDED_HOPS: whole(0).describe("Proxies of yours behind Shopify that append to X-Forwarded-For (Cloud Run: 1)."),
    LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("info").describe("What is logged."),
    DEV_SERVER: z.enum(["0", "1"]).default("0").describe("1: Vite in the same process (`npm run dev`)."),
    LOCAL_SHOPIFY_URL: z.url().optional().describe("The local Shopify of `npm run preview`. Refused in production."),
  });
}

type Part = ReturnType<typeof partSchema>;

/** A part that is embedded by default, and that production must name. */
function partSchema(production: boolean) {
  return <const T extends string>(...names: [T, ...T[]]) => {
    const choice = z.enum(names);
    return production ? choice : choice.default(names[0]);
  };
}

function partSettings(part: Part) {
  return {
    PAINTER: part("preview", "gemini").describe(
      "Who paints: `preview` (our own hand, not AI) or `gemini`. Must be named in production.",
    ),
    PAINT_CONCURRENCY: whole(2, 1).describe("Threads for pixels, and preview portraits made at once."),
    MOST_WAITING: whole(500, 1).describe("Portraits of all shops that may wait; past it the answer is 503 busy."),
    BACKGROUND_REMOVER: part("classic", "rembg", "inspyrenet").describe(
      "Who cuts pets out: `classic` (our own) or a service at CUTOUT_URL. Must be named in production.",
    ),
    CUTOUT_URL: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe("Address of the background removal service."),
    CUTOUT_VERSION: text()
      .optional()
      .describe("Version of the service; another one makes other pictures, and no service tells."),
    CUTOUT_MODEL: text().optional().describe("The service's name for the model to use; its own default without it."),
    GALLERY: part("folder", "cloud-storage").describe(
      "Where photos and portraits lie: `folder` in DATA_DIR or `cloud-storage`. Must be named in production.",
    ),
    QUOTA_STORE: part("database", "firestore").describe(
      "Where quotas are held: `database` or `firestore`. Must be named in production.",
    ),
  };
}

function quotaSettings() {
  return {
    QUOTA_CUSTOMER_PER_DAY: whole(defaultQuotaLimits.customerPerDay).describe(
      "Portraits a UTC day for a logged-in customer.",
    ),
    QUOTA_GUEST_PER_DAY: whole(defaultQuotaLimits.guestPerDay).describe("Portraits a UTC day for a guest."),
    QUOTA_BURST: whole(defaultQuotaLimits.burst).describe("Portraits of one session within the burst window."),
    QUOTA_BURST_WINDOW_SECONDS: whole(defaultQuotaLimits.burstWindowMs / 1000, 1).describe(
      "The burst window, seconds.",
    ),
    QUOTA_ADDRESS_PER_DAY: whole(defaultQuotaLimits.addressPerDay).describe(
      "Portraits a UTC day for all guests of one network address.",
    ),
  };
}

/** The settings outside production, for the README's table. */
export function describeSettings(): { name: string; fallback: string; about: string }[] {
  return Object.entries(environmentSchema(false).shape).map(([name, field]) => {
    const fallback = field instanceof z.ZodDefault ? String(field.def.defaultValue) : "";
    return { name, fallback, about: field.description ?? "" };
  });
}

/** Wrong configuration, with every problem on a line of its own. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`The configuration is wrong:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
    this.problems = problems;
  }
}

/**
 * @param environment - `process.env`, or a test's own
 * @throws ConfigError listing everything that is wrong
 */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const production = environment.NODE_ENV === "production";
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ""),
  );
  const parsed = environmentSchema(production).safeParse(given);
  const problems = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  if (production) problems.push(...productionProblems(given));
  problems.push(...googleProblems(given), ...cutoutProblems(given));
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(configFrom(parsed.data, production));
}

function productionProblems(given: Record<string, string | undefined>): string[] {
  const problems: string[] = [];
  if (given.SHOPIFY_APP_URL === undefined)
    problems.push("SHOPIFY_APP_URL: production needs the public https address of this app");
  if (given.LOCAL_SHOPIFY_URL !== undefined)
    problems.push("LOCAL_SHOPIFY_URL: the local Shopify signs anything; it cannot be used in production");
  if (given.SHOPIFY_API_SECRET === previewApiSecret)
    problems.push("SHOPIFY_API_SECRET: this is the preview's public secret");
  return problems;
}

function cutoutProblems(given: Record<string, string | undefined>): string[] {
  const { BACKGROUND_REMOVER: remover, CUTOUT_URL: url, CUTOUT_VERSION: version } = given;
  if (remover !== "rembg" && remover !== "inspyrenet") return [];
  const problems: string[] = [];
  if (url === undefined) problems.push(`CUTOUT_URL: ${remover} needs the address of its service`);
  if (version === undefined) problems.push(`CUTOUT_VERSION: ${remover} needs the version that is deployed`);
  const { username = "", password = "" } = (url === undefined ? undefined : URL.parse(url)) ?? {};
  if (username + password !== "") problems.push("CUTOUT_URL: a name or password in an address cannot be used");
  return problems;
}

function configFrom(env: z.infer<ReturnType<typeof environmentSchema>>, production: boolean): Config {
  return {
    production,
    devServer: env.DEV_SERVER === "1",
    host: env.HOST,
    port: env.PORT,
    appUrl: (env.SHOPIFY_APP_URL ?? `http://127.0.0.1:${env.PORT}`).replace(/\/+$/, ""),
    shopify: {
      apiKey: env.SHOPIFY_API_KEY,
      apiSecret: env.SHOPIFY_API_SECRET,
      scopes: env.SCOPES.split(",").map((scope) => scope.trim()),
      localUrl: env.LOCAL_SHOPIFY_URL?.replace(/\/+$/, "") ?? null,
    },
    dataDir: isAbsolute(env.DATA_DIR) ? env.DATA_DIR : resolve(env.DATA_DIR),
    memoryBytes: env.MEMORY_LIMIT_MB === undefined ? memoryOfContainer() : env.MEMORY_LIMIT_MB * 1024 * 1024,
    databaseUrl: env.DATABASE_URL ?? null,
    painter: {
      kind: env.PAINTER,
      portraitsAtOnce: env.PAINTER === "gemini" ? env.GEMINI_CALLS_AT_ONCE : env.PAINT_CONCURRENCY,
      threads: env.PAINT_CONCURRENCY,
      mostWaiting: env.MOST_WAITING,
    },
    gemini: env.PAINTER === "gemini" ? geminiFrom(env) : null,
    backgroundRemover:
      env.BACKGROUND_REMOVER === "classic"
        ? { kind: "classic" }
        : {
            kind: env.BACKGROUND_REMOVER,
            url: env.CUTOUT_URL ?? "",
            version: env.CUTOUT_VERSION ?? "",
            model: env.CUTOUT_MODEL ?? null,
          },
    ...galleryFrom(env),
    quotaStore: quotaStoreFrom(env),
    quota: {
      customerPerDay: env.QUOTA_CUSTOMER_PER_DAY,
      guestPerDay: env.QUOTA_GUEST_PER_DAY,
      burst: env.QUOTA_BURST,
      burstWindowMs: env.QUOTA_BURST_WINDOW_SECONDS * 1000,
      addressPerDay: env.QUOTA_ADDRESS_PER_DAY,
    },
    budgets: budgetsFrom(env),
    forwardedHops: env.FORWARDED_HOPS,
    log: { level: env.LOG_LEVEL },
  };
}

/** Where a container has no limit, Node tells 0 or more than there is. */
const memoryOfContainer = (): number => Math.min(totalmem(), process.constrainedMemory() || totalmem());
