import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPrismaWebhookDeliveries } from "#app/adapters/prisma/prisma-webhook-deliveries.ts";
import type { Database } from "#app/adapters/prisma/open-database.ts";
import type { WebhookDeliveries } from "#app/http/webhooks.ts";
import { describeOnEachDatabase } from "#test/builders/databases.ts";
import { createMemoryWebhookDeliveries } from "#test/builders/memory-webhook-deliveries.ts";

function contract(deliveries: () => WebhookDeliveries) {
  let last = 0;
  const fresh = () => ({ id: `delivery-${(last += 1)}`, topic: "customers/redact", shop: "a.myshopify.com" });
  const at = (nowMs: number) => ({ nowMs, leaseMs: 1_000 });
  const noon = Date.UTC(2026, 10, 24, 12);

  it("give a delivery to one taker and tell the others that it is running", async () => {
    const name = fresh();
    const claims = await Promise.all(Array.from({ length: 12 }, () => deliveries().claim(name, at(noon))));
    expect(claims.filter((claim) => claim === "claimed")).toHaveLength(1);
    expect(claims.filter((claim) => claim === "running")).toHaveLength(11);
  });

  it("never give it again once it is settled", async () => {
    const name = fresh();
    await deliveries().claim(name, at(noon));
    await deliveries().settle(name);
    expect(await deliveries().claim(name, at(noon))).toBe("done");
    expect(await deliveries().claim(name, at(noon + 60_000))).toBe("done");
  });

  it("give it again after it was released", async () => {
    const name = fresh();
    await deliveries().claim(name, at(noon));
    await deliveries().release(name);
    expect(await deliveries().claim(name, at(noon))).toBe("claimed");
  });

  it("keep what is settled when somebody releases it late", async () => {
    const name = fresh();
    await deliveries().claim(name, at(noon));
    await deliveries().settle(name);
    await deliveries().release(name);
    expect(await deliveries().claim(name, at(noon))).toBe("done");
  });

  it("give it again when the lease of its taker is over, and not a moment before", async () => {
    const name = fresh();
    await deliveries().claim(name, at(noon));
    expect(await deliveries().claim(name, at(noon + 1_000))).toBe("running");
    expect(await deliveries().claim(name, at(noon + 1_001))).toBe("claimed");
    expect(await deliveries().claim(name, at(noon + 1_002))).toBe("running");
  });

  it("hold every delivery for itself", async () => {
    expect(await deliveries().claim(fresh(), at(noon))).toBe("claimed");
    expect(await deliveries().claim(fresh(), at(noon))).toBe("claimed");
  });
}

describe("webhook deliveries in memory", () => {
  const deliveries = createMemoryWebhookDeliveries();
  contract(() => deliveries);
});

describeOnEachDatabase("webhook deliveries", (open) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  contract(() => createPrismaWebhookDeliveries(database.prisma));
});
