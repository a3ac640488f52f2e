import { describe, expect, it } from "vitest";
import type { PrivacyReceipt, PrivacyRequestRecord } from "#app/privacy/personal-records.ts";
import { requestWording } from "./privacy-wording.ts";

const at = new Date("2026-11-24T12:00:00Z");
const nothing = { photos: 0, portraits: 0, events: 0, others: 0, objects: 0 };
const records = { photos: 1, portraits: 2, events: 3, others: 4 };

function request(kind: PrivacyRequestRecord["kind"], given: Partial<PrivacyReceipt> = {}, shoppers: string[] = []) {
  const receipt = { records, objects: 3, objectsShared: 0, left: nothing, ...given };
  return { id: "rcp_1", kind, shoppers, receivedAt: at, completedAt: at, receipt } satisfies PrivacyRequestRecord;
}

describe("a privacy request", () => {
  it("that is done says what was deleted, and that somebody looked", () => {
    expect(requestWording(request("shopper"))).toEqual({
      title: "A shopper deleted their photos",
      summary: "Deleted 1 photo, 2 portraits and 3 stored files.",
      proof: "Checked afterwards: nothing is left.",
      download: "Download receipt",
    });
  });

  it("says why a picture stays", () => {
    const { summary } = requestWording(request("customer_redact", { objects: 1, objectsShared: 1 }));
    expect(summary).toBe(
      "Deleted 1 photo, 2 portraits and 1 stored file. 1 picture stays, because another shopper made the same.",
    );
    expect(requestWording(request("shopper", { objectsShared: 2 })).summary).toContain("2 pictures stay, because");
  });

  it("never claims a proof that it does not have", () => {
    expect(requestWording(request("shopper", { left: { ...nothing, objects: 1 } })).proof).toBeNull();
  });

  it("for data tells what there is to hand over, while it can be handed over", () => {
    const asked = requestWording(request("data_request", { left: null }, ["c:7"]));
    expect(asked).toMatchObject({
      summary: "Stored of them: 1 photo, 2 portraits and 3 events.",
      download: "Download data",
    });
    const forgotten = requestWording(request("data_request", { left: null }));
    expect(forgotten).toMatchObject({
      summary: "There were 1 photo, 2 portraits and 3 events. They can no longer be fetched.",
      download: null,
    });
  });

  it("that is open says so and offers nothing yet", () => {
    const open = {
      id: "rcp_1",
      kind: "shop_redact",
      shoppers: [],
      receivedAt: at,
      completedAt: null,
      receipt: null,
    } as const;
    expect(requestWording({ ...open, shoppers: [] })).toMatchObject({
      title: "All data of this shop is being deleted",
      proof: null,
      download: null,
    });
  });
});
