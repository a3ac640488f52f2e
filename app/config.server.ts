import { isAbsolute, resolve } from "node:path";
import { z } from "zod";
import { microUsdFromUsd, type MicroUsd } from "#app/kernel/money.ts";
import type { QuotaLimits } from "#app/quota/tiers.ts";
import { defaultQuotaLimits } from "#app/quota/tiers.ts";

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
  /** PostgreSQL server, or null for the embedded database in `dataDir`. */
  databaseUrl: string | null;
  painter: { kind: "preview"; concurrency: number };
  backgroundRemover: "classic";
  gallery: "folder";
  quotaStore: "database";
  quota: QuotaLimits;
  /** A shop's money for a UTC day. */
  dailyBudgetMicroUsd: MicroUsd;
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
  /** A part that is embedded by default, and that production must name. */
  const part = <const T extends string>(...names: [T, ...T[]]) => {
    const choice = z.enum(names);
    return production ? choice : choice.default(names[0]);
  };
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
    SCOPES: text("write_app_proxy,read_products").describe("Access scopes, as in shopify.app.toml."),
    DATABASE_URL: (production ? address : address.optional()).describe(
      "PostgreSQL server. Without it an embedded database in DATA_DIR; must be given in production.",
    ),
    DATA_DIR: text("data").describe("Folder of the embedded database, photos and portraits."),
    PAINTER: part("preview").describe("Who paints. Must be named in production."),
    PAINT_CONCURRENCY: whole(2, 1).describe("Portraits made at once, and threads for pixels."),
    BACKGROUND_REMOVER: part("classic").describe("Who cuts pets out. Must be named in production."),
    GALLERY: part("folder").describe("Where photos and portraits lie. Must be named in production."),
    QUOTA_STORE: part("database").describe("Where quotas are held. Must be named in production."),
    ...quotaSettings(),
    DAILY_BUDGET_USD: z.coerce
      .number()
      .min(0)
      .max(1_000_000)
      .default(10)
      .describe("What a shop may spend on painting in a UTC day, US dollars."),
    FORWARDED_HOPS: whole(0).describe("Proxies of yours behind Shopify that append to X-Forwarded-For (Cloud Run: 1)."),
    LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("info").describe("What is logged."),
    DEV_SERVER: z.enum(["0", "1"]).default("0").describe("1: Vite in the same process (`npm run dev`)."),
    LOCAL_SHOPIFY_URL: z.url().optional().describe("The local Shopify of `npm run preview`. Refused in production."),
  });
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
    databaseUrl: env.DATABASE_URL ?? null,
    painter: { kind: env.PAINTER, concurrency: env.PAINT_CONCURRENCY },
    backgroundRemover: env.BACKGROUND_REMOVER,
    gallery: env.GALLERY,
    quotaStore: env.QUOTA_STORE,
    quota: {
      customerPerDay: env.QUOTA_CUSTOMER_PER_DAY,
      guestPerDay: env.QUOTA_GUEST_PER_DAY,
      burst: env.QUOTA_BURST,
      burstWindowMs: env.QUOTA_BURST_WINDOW_SECONDS * 1000,
      addressPerDay: env.QUOTA_ADDRESS_PER_DAY,
    },
    dailyBudgetMicroUsd: microUsdFromUsd(env.DAILY_BUDGET_USD),
    forwardedHops: env.FORWARDED_HOPS,
    log: { level: env.LOG_LEVEL },
  };
}
