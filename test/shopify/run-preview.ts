import { createServer } from "node:net";
import { readConfig, ConfigError, type Config } from "#app/config.server.ts";
import type { GoogleStandIns } from "#test/google/stand-ins.ts";
import { startApp, type AppProcess } from "./app-process.ts";
import { createLocalShopify, type LocalShopify } from "./local-shopify.ts";

/**
 * The whole product on one machine: the app as a child process and the local Shopify in this one. Says `ready` with both
 * addresses once both answer, and leaves nothing behind when it is told to stop.
 */

export type PreviewOptions = {
  /** The app's entry file. */
  appEntry: string;
  environment: Record<string, string | undefined>;
  /** How long the app may take until it answers. */
  startMs?: number;
  /** Paints, stores and counts with Google's SDKs against stand-ins on this machine. */
  google?: boolean;
};

/** A sentence for the person who typed the command, and no stack. */
class PreviewError extends Error {
  override readonly name = "PreviewError";
  readonly exitCode: number;
  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * Runs the preview until SIGTERM or SIGINT, or until the app ends by itself.
 *
 * @returns the exit code of this process
 */
export async function runPreview(options: PreviewOptions): Promise<number> {
  const stopping = stopSignal();
  const parts: Parts = {};
  try {
    return await untilStopped(options, parts, stopping);
  } catch (error) {
    const isExpected = error instanceof PreviewError || error instanceof ConfigError;
    process.stderr.write(`${isExpected ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
    return error instanceof PreviewError ? error.exitCode : 1;
  } finally {
    await Promise.all([parts.app?.stop(), parts.shop?.close()]);
    await parts.google?.stop();
  }
}

function stopSignal(): Promise<"stop"> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => resolve("stop"));
    // Whoever started us over an IPC channel is gone.
    process.on("disconnect", () => resolve("stop"));
  });
}

type Parts = { app?: AppProcess; shop?: LocalShopify; google?: GoogleStandIns };

async function untilStopped(options: PreviewOptions, parts: Parts, stopping: Promise<"stop">): Promise<number> {
  const { appEntry, startMs = 120_000 } = options;
  if (options.environment.NODE_ENV === "production")
    throw new PreviewError("The preview does not run with NODE_ENV=production.");
  const environment = await withGoogle(options, parts);
  const config = readConfig(environment);
  const appUrl = `http://127.0.0.1:${config.port}`;
  await refuseTakenPort(config.port);
  parts.shop = await openShop(config, appUrl, environment.SHOP_PORT);
  const { url: shopUrl } = parts.shop;
  parts.app = startApp({ entry: appEntry, environment: appEnvironment(environment, { appUrl, shopUrl }) });
  const appEnd = parts.app.ended.then(({ code, description }) => {
    throw new PreviewError(`The app ${description}.`, code === 0 ? 1 : code);
  });
  const answering = Promise.all([answers(`${appUrl}/health`, startMs), answers(shopUrl, startMs)]);
  if ((await Promise.race([answering, appEnd, stopping])) === "stop") return 0;
  process.stdout.write(`ready ${appUrl} ${shopUrl}\n`);
  await Promise.race([stopping, appEnd]);
  return 0;
}

/** The stand-ins' settings come last: whoever asks for them does not mean their own project. */
async function withGoogle(
  { environment, google = false }: PreviewOptions,
  parts: Parts,
): Promise<PreviewOptions["environment"]> {
  if (!google) return environment;
  const { startGoogleStandIns } = await import("#test/google/stand-ins.ts");
  parts.google = await startGoogleStandIns();
  for (const note of parts.google.notes) process.stderr.write(`${note}\n`);
  return { ...environment, ...parts.google.environment };
}

const appEnvironment = (
  environment: PreviewOptions["environment"],
  { appUrl, shopUrl }: { appUrl: string; shopUrl: string },
) => ({
  ...environment,
  SHOPIFY_APP_URL: appUrl,
  LOCAL_SHOPIFY_URL: shopUrl,
});

function openShop({ shopify, gallery }: Config, appUrl: string, port = "3001"): Promise<LocalShopify> {
  const wanted = Number(port || "3001");
  if (!Number.isInteger(wanted) || wanted < 0 || wanted > 65_535) throw new PreviewError("SHOP_PORT must be a port.");
  const log = (line: string) => process.stderr.write(`local Shopify: ${line}\n`);
  const { apiKey, apiSecret } = shopify;
  const storageUrl = gallery.kind === "cloud-storage" ? gallery.apiEndpoint : null;
  const storage = storageUrl === null ? {} : { storageUrl };
  return createLocalShopify({ port: wanted, appUrl, apiKey, apiSecret, log, ...storage }).catch((error: Error) => {
    throw new PreviewError(error.message);
  });
}

function refuseTakenPort(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === "EADDRINUSE";
      reject(new PreviewError(isTaken ? `Port ${port} is taken. Choose another with PORT.` : error.message));
    });
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve()));
  });
}

async function answers(url: string, patienceMs: number): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (performance.now() < deadline) {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new PreviewError(`${url} did not answer within ${Math.round(patienceMs / 1000)} s.`);
}
