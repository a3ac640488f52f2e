import { createHash } from "node:crypto";
import { AppError } from "#app/kernel/errors.ts";
import type { House } from "#app/house.ts";
import type { KeptAnswer, KeyedRequest } from "./idempotent-answers.ts";
import { json } from "./respond.ts";
import type { StorefrontCall } from "./storefront-door.ts";

/** How long an answer is kept for its key, and when a claim without an answer is taken for dead, milliseconds. */
const keptForMs = 24 * 60 * 60 * 1000;
const lapsesAfterMs = 30_000;
/** Half of what Shopify's proxy waits for us. */
const waitForTwinMs = 15_000;
const firstLookMs = 50;
const slowestLookMs = 800;

/**
 * Runs the work once for a key. The same request again gets the first answer; another request under the same key is
 * refused; one that comes while the first still runs waits for its answer. What failed is not kept: a retry is meant to
 * find out whether it works now.
 */
export async function onceForKey(
  house: House,
  call: StorefrontCall,
  bodySha256: string,
  work: () => Promise<KeptAnswer>,
): Promise<Response> {
  if (call.key === null) return answered(await work());
  const request: KeyedRequest = {
    shop: call.shop,
    shopper: call.shopper.session,
    key: call.key,
    fingerprint: createHash("sha256")
      .update(`${call.method} ${call.path}\n${call.customerId ?? ""}\n${bodySha256}`)
      .digest("hex"),
  };
  const claim = await claimOrWait(house, request);
  if (claim.state === "other-request") throw keyReused();
  if (claim.state === "running") throw stillRunning();
  if (claim.state === "answered") return answered(claim.answer);
  try {
    const answer = await work();
    await house.answers.answer(request, answer);
    return answered(answer);
  } catch (error) {
    await house.answers.release(request);
    throw error;
  }
}

/** Twins look less and less often: a crowd of them that looked all the time would hold up the one that does the work. */
async function claimOrWait(house: House, request: KeyedRequest) {
  const startedMs = house.clock.nowMs();
  for (let pauseMs = firstLookMs; ; pauseMs = Math.min(2 * pauseMs, slowestLookMs)) {
    const nowMs = house.clock.nowMs();
    const claim = await house.answers.claim(request, { nowMs, lapsesAfterMs, expiresAtMs: nowMs + keptForMs });
    if (claim.state !== "running" || nowMs - startedMs > waitForTwinMs) return claim;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

const answered = ({ status, body }: KeptAnswer): Response =>
  json(body, { status, ...(status === 202 ? { headers: { "Retry-After": "1" } } : {}) });

const keyReused = (): AppError =>
  new AppError({
    code: "key_reused",
    kind: "invalid",
    publicMessage: "This request was made before with another content.",
    field: "key",
  });

const stillRunning = (): AppError =>
  new AppError({
    code: "busy",
    kind: "unavailable",
    publicMessage: "We are still working on it. Please try again in a moment.",
  });
