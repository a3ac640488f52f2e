import { fileURLToPath } from "node:url";
import { freePort } from "#test/builders/free-port.ts";
import { smallPhoto } from "#test/builders/photos.ts";
import { comeAsShopper, testSecret } from "#test/builders/storefront.ts";
import { startFakeCutoutService } from "#test/cutouts/fake-cutout-service.ts";
import { startGoogleStandIns } from "#test/google/stand-ins.ts";
import { startApp } from "#test/shopify/app-process.ts";
import { summaryOf, timesOf, type Summary } from "./samples.ts";

/** How long the stand-in for the provider takes for a picture, milliseconds; it is taken off again. */
const providerMs = 500;

/**
 * The app as it runs in production, as a process of its own, on Google's SDKs and stand-ins: what a portrait takes beyond
 * the provider's own time, from the wish to `ready`, and what one takes that is in the gallery already.
 */
export async function measureMiss(): Promise<Record<string, Summary>> {
  const google = await startGoogleStandIns({ pictures: "flat" });
  const cutouts = await startFakeCutoutService();
  google.gemini.faults.always({ kind: "delay", ms: providerMs });
  const port = await freePort();
  const environment = {
    PATH: process.env.PATH,
    ...google.environment,
    PORT: String(port),
    SHOPIFY_API_SECRET: testSecret,
    LOG_LEVEL: "error",
    BACKGROUND_REMOVER: "rembg",
    CUTOUT_URL: cutouts.url,
    CUTOUT_VERSION: "stand-in",
    GEMINI_SPENDING_LIMIT_USD: "1000",
    DAILY_BUDGET_USD: "1000",
    QUOTA_GUEST_PER_DAY: "10000",
    QUOTA_BURST: "10000",
    QUOTA_ADDRESS_PER_DAY: "10000",
  };
  const entry = fileURLToPath(new URL("../../app/server.ts", import.meta.url));
  const app = startApp({ entry, environment });
  try {
    const url = `http://127.0.0.1:${port}`;
    await untilHealthy(url);
    return await measure(url);
  } finally {
    await app.stop();
    await Promise.all([google.stop(), cutouts.close()]);
  }
}

async function measure(url: string): Promise<Record<string, Summary>> {
  const shopper = await comeAsShopper(url);
  const ids: string[] = [];
  for (let n = 0; n < 35; n++) ids.push(await shopper.give(await smallPhoto(9_000 + n)));
  const idOf = (run: number) => ids.at(run) ?? "";
  const misses = await timesOf(
    async (run) => {
      const { body } = await shopper.ask(idOf(run));
      const { status } = await shopper.wait(body.portrait.id);
      if (status !== "ready") throw new Error(`the portrait is ${status}`);
    },
    { runs: 30, warmUps: 5 },
  );
  const hits = await timesOf((run) => shopper.ask(idOf(Math.abs(run) % 30)), { runs: 200, warmUps: 20 });
  return {
    "a new portrait, beyond the provider's time": summaryOf(misses.map((ms) => ms - providerMs)),
    "a portrait that is there": summaryOf(hits),
  };
}

async function untilHealthy(url: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const answer = await fetch(`${url}/health`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("the app does not answer");
}
