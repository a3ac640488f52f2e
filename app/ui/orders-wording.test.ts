import { describe, expect, it } from "vitest";
import { unpaintedWording } from "./orders-wording.ts";

const orders = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ order: `#${1001 + n}`, reason: n === 0 ? "Not this photo." : null }));

describe("orders that could not be painted", () => {
  it("are named with the reason", () => {
    expect(unpaintedWording(orders(1))).toEqual({
      title: "A portrait for order #1001 could not be painted",
      lines: ["#1001: “Not this photo.”"],
    });
  });

  it("are listed, at most five of them", () => {
    const { title, lines } = unpaintedWording(orders(7));
    expect(title).toBe("Portraits that were ordered could not be painted");
    expect(lines).toHaveLength(6);
    expect([lines[1], lines[5]]).toEqual(["#1002: no reason was written down.", "and more, the newest first"]);
    expect(unpaintedWording(orders(5)).lines).toHaveLength(5);
  });

  it("are listed once where two portraits of one order say the same", () => {
    expect(unpaintedWording([...orders(1), ...orders(1)]).lines).toEqual(["#1001: “Not this photo.”"]);
  });
});
