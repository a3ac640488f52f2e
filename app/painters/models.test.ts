import { describe, expect, it } from "vitest";
import { findModel, imageModels, refusalOf, retiresSoon } from "./models.ts";

const today = "2026-11-24";
const nowMs = Date.parse("2026-11-24T12:00:00Z");

describe("the models that may paint", () => {
  it("are one by default, a cheaper one and a better one, and none of them has ended", () => {
    expect(imageModels.map(({ id, role }) => [id, role])).toEqual([
      ["gemini-nano-banana-2.1", "default"],
      ["gemini-3.1-flash-lite-image", "economy"],
      ["gemini-3-pro-image", "premium"],
    ]);
    for (const { id } of imageModels) expect(refusalOf(id, today)).toBeUndefined();
  });

  it("all paint in the shape of our paper, and say where their retirement was read", () => {
    for (const { ratios, sizes, retirement } of imageModels) {
      expect(ratios).toContain("4:5");
      expect(sizes).toContain("1K");
      expect(retirement.source).toMatch(/^https:\/\//);
    }
  });

  it("differ in what a request may say", () => {
    expect(findModel("gemini-3.1-flash-lite-image")).toMatchObject({ takesImageSize: false, sizes: ["1K"] });
    expect(findModel("gemini-3-pro-image")).toMatchObject({ takesImageSize: true, thinkingLevels: [] });
    expect(findModel("gemini-2.5-flash-image")).toBeUndefined();
  });
});

describe("a start", () => {
  it.each([
    ["gemini-2.5-flash-image", "2026-10-02", "gemini-nano-banana-2.1"],
    ["gemini-2.5-flash-image-preview", "2026-10-02", "gemini-nano-banana-2.1"],
    ["gemini-3.1-flash-image", "2026-10-29", "gemini-nano-banana-2.1"],
    ["gemini-3.1-flash-image-preview", "2026-06-25", "gemini-nano-banana-2.1"],
    ["gemini-3-pro-image-preview", "2026-06-25", "gemini-3-pro-image"],
    ["imagen-4.0-generate-001", "2026-06-24", "gemini-nano-banana-2.1"],
  ])("with %s is refused with its last day and what to use instead", (id, day, replacement) => {
    expect(refusalOf(id, today)).toBe(`The image model "${id}" was shut down on ${day}. Use "${replacement}" instead.`);
  });

  it("with a model that has ended, without a day that we know, is refused as well", () => {
    expect(refusalOf("gemini-2.0-flash-preview-image-generation", today)).toContain("has been shut down");
  });

  it("with a model that nobody has heard of is refused, because it has no price", () => {
    expect(refusalOf("gemini-9-image", today)).toMatch(/not one that this app knows.*Use "gemini-nano-banana-2\.1"/);
    expect(refusalOf("", today)).toBeDefined();
  });
});

describe("the notice before a model ends", () => {
  it("is given 45 days before, not 46", () => {
    expect(retiresSoon("gemini-nano-banana-2.1", nowMs, "2027-01-09T12:00:00Z")).toBeUndefined();
    expect(retiresSoon("gemini-nano-banana-2.1", nowMs, "2027-01-08T12:00:00Z")).toBe(
      'The image model "gemini-nano-banana-2.1" ends on 2027-01-08, in 45 days. Choose another one and compare portraits before then.',
    );
  });

  it("is given after the end as well", () => {
    expect(retiresSoon("gemini-3-pro-image", nowMs, "2026-11-24T12:00:00Z")).toContain("ended on 2026-11-24");
    expect(retiresSoon("gemini-3-pro-image", nowMs, "2026-10-01T00:00:00Z")).toContain("ended on 2026-10-01");
  });

  it("is not given for a model without a date, or for a date that is none", () => {
    expect(retiresSoon("gemini-3-pro-image", nowMs)).toBeUndefined();
    expect(retiresSoon("gemini-3-pro-image", nowMs, "soon")).toBeUndefined();
    expect(retiresSoon("unheard-of", nowMs)).toBeUndefined();
  });
});

describe("a model with an announced end", () => {
  const ending = imageModels.map((model) => ({ ...model, retirement: { shutdownOn: "2026-12-20", source: "test" } }));
  const { id } = imageModels[0]!;

  it("may paint until the day before, and names another one from that day on", () => {
    expect(refusalOf(id, "2026-12-19", ending)).toBeUndefined();
    expect(refusalOf(id, "2026-12-20", ending)).toBe(
      `The image model "${id}" was shut down on 2026-12-20. Use "gemini-3-pro-image" instead.`,
    );
  });

  it("is announced by the list or by the provider, whichever is earlier", () => {
    expect(retiresSoon(id, nowMs, undefined, ending)).toContain("ends on 2026-12-20");
    expect(retiresSoon(id, nowMs, "2026-12-05T00:00:00Z", ending)).toContain("ends on 2026-12-05");
    expect(retiresSoon(id, nowMs, "2027-06-01T00:00:00Z", ending)).toContain("ends on 2026-12-20");
  });
});
