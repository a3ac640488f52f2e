import type { WebhookDeliveries } from "#app/http/webhooks.ts";

/** The port in memory, for tests of what stands on it. */
export function createMemoryWebhookDeliveries(): WebhookDeliveries {
  const taken = new Map<string, { state: "held" | "done"; atMs: number }>();
  return Object.freeze({
    async claim({ id }, { nowMs, leaseMs }) {
      const holder = taken.get(id);
      if (holder?.state === "done") return "done";
      if (holder !== undefined && holder.atMs >= nowMs - leaseMs) return "running";
      taken.set(id, { state: "held", atMs: nowMs });
      return "claimed";
    },
    async settle({ id }) {
      const holder = taken.get(id);
      if (holder !== undefined) taken.set(id, { ...holder, state: "done" });
    },
    async release({ id }) {
      if (taken.get(id)?.state === "held") taken.delete(id);
    },
  } satisfies WebhookDeliveries);
}
