import { describe, expect, it } from "vitest";
import type { PortraitSummary } from "#app/ledger/usage-report.ts";
import { remarks, whyNoPicture } from "./portrait-wording.ts";

const portrait = (facts: Partial<PortraitSummary> = {}): PortraitSummary => ({
  ...{ id: "por_1", style: "ink_wash", status: "ready", painter: "gemini", cached: false, backgroundKept: false },
  ...{ cutoutBy: "rembg", imageToken: "img_1", errorMessage: null, orders: [], isGivenUp: false },
  createdAt: new Date(0),
  ...facts,
});

describe("the remarks on a portrait", () => {
  it.each([
    [{}, null],
    [{ orders: ["#1001"] }, "Ordered in #1001"],
    [{ orders: ["#1001", "#1002"], cached: true }, "Ordered in #1001 and #1002, from the cache"],
    [{ cached: true, backgroundKept: true }, "From the cache, background kept"],
    [{ cutoutBy: "classic-1" }, "Cut out by classic-1"],
    [{ status: "failed", orders: ["#1001"], cached: true }, "Ordered in #1001"],
    [{ status: "pending" }, null],
  ])("of %o are %s", (facts, said) => expect(remarks(portrait(facts), "rembg")).toBe(said));
});

describe("a portrait without a picture", () => {
  const ordered = { status: "pending", orders: ["#1001"] };
  it.each([
    [{ status: "failed", errorMessage: "Not this photo." }, "wrong", /^Not this photo\.$/],
    [{ status: "failed" }, "wrong", /could not be painted/],
    [{ status: "queued" }, "being painted", /^Being painted$/],
    [{ status: "making", orders: ["#1001"] }, "being painted", /^Being painted$/],
    [{ status: "pending" }, "waiting", /painted once it is ordered/],
    [ordered, "waiting", /as soon as the budget allows/],
    [{ ...ordered, errorMessage: "Please try again." }, "waiting", /tried again by itself/],
    [{ ...ordered, errorMessage: "Please try again.", isGivenUp: true }, "wrong", /finish this order by hand/],
  ] as const)("of %o is %s", (facts, is, text) => {
    const said = whyNoPicture(portrait(facts as Partial<PortraitSummary>));
    expect(said.is).toBe(is);
    expect(said.text).toMatch(text);
  });
});
