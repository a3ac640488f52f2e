import { deleteObject } from "./delete-objects.ts";
import type { PrivacyParts } from "./parts.ts";
import type { Cutoffs } from "./personal-records.ts";

export type SweepReport = { photos: number; portraits: number; events: number; objects: number; objectsFailed: number };

const dayMs = 24 * 60 * 60_000;
const batch = 200;
/** A sweep ends after this many batches and goes on at its next turn: it must never starve the shoppers. */
const batches = 50;

/**
 * Deletes what is too old: photos and portraits past their expiry, answers and quota entries that nobody can ask for any
 * more, old events and webhook deliveries. An object whose deletion fails has no record left to name it; the sweep of
 * orphans takes it.
 */
export async function sweepExpired(parts: PrivacyParts): Promise<SweepReport> {
  const report: SweepReport = { photos: 0, portraits: 0, events: 0, objects: 0, objectsFailed: 0 };
  for (let turn = 0; turn < batches; turn++) {
    const expired = await parts.records.forgetExpired(cutoffs(parts.clock.nowMs()), batch);
    report.photos += expired.photos;
    report.portraits += expired.portraits;
    report.events += expired.events;
    for (const { shop, name } of expired.orphanedObjects) {
      const outcome = await deleteObject(parts, shop, name);
      if (outcome === "gone") report.objects += 1;
      if (outcome === "failed") report.objectsFailed += 1;
    }
    if (!expired.more) break;
  }
  if (Object.values(report).some((count) => count > 0)) parts.log.info("privacy.swept", report);
  return report;
}

function cutoffs(nowMs: number): Cutoffs {
  const ago = (days: number) => new Date(nowMs - days * dayMs);
  return {
    expired: ago(0),
    // As long as a customer's portrait lives.
    events: ago(180),
    // The day it counts for is over everywhere, and so is every rolling window.
    quotaEntries: ago(2),
    // Shopify gives up on a delivery after four hours.
    webhookDeliveries: ago(30),
    // A merchant has thirty days to answer one.
    dataRequests: ago(60),
  };
}
