import { describe, expect, it } from "vitest";
import { addBlockUrl, blockPlacement } from "./theme-block.ts";

const block = (status: unknown, handle = "pet-processor") => [
  { handle: "some-ui", type: "ui_extension", activations: [{ target: "admin.x" }] },
  { handle: "pet-processor-ext", type: "theme_app_extension", activations: [{ handle, status, activations: [] }] },
];

describe("where the block is in the live theme", () => {
  it.each([
    ["active", "live"],
    ["available", "absent"],
    ["unavailable", "unavailable"],
    ["something new", "unknown"],
    [undefined, "unknown"],
  ])("Shopify's %j means %s", (status, placement) => {
    expect(blockPlacement(block(status), "pet-processor")).toBe(placement);
  });

  it("is not known where Shopify does not speak of it", () => {
    for (const answer of [undefined, null, {}, "", [], [null], [{ activations: null }], block("active", "another")]) {
      expect(blockPlacement(answer, "pet-processor")).toBe("unknown");
    }
  });

  it("is live when it is so in one of several places", () => {
    expect(blockPlacement([...block("available"), ...block("active")], "pet-processor")).toBe("live");
  });

  it("can be changed by one address, which puts the block into the product's section", () => {
    expect(addBlockUrl("tide.myshopify.com", "key", "pet-processor")).toBe(
      "https://tide.myshopify.com/admin/themes/current/editor?template=product&addAppBlockId=key/pet-processor&target=mainSection",
    );
  });
});
