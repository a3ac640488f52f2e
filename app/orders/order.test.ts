import { describe, expect, it } from "vitest";
import { portraitOf } from "./order.ts";

const id = "por_AbC-_123";

describe("the portrait of a line", () => {
  it.each([
    ["the widget's property", [{ name: "_pet_portrait_id", value: id }], id],
    [
      "it among others, the first of two",
      [
        { name: "Pet", value: "Bo" },
        { name: "_pet_portrait_id", value: id },
        { name: "_pet_portrait_id", value: "por_2" },
      ],
      id,
    ],
    ["none", [{ name: "Pet", value: "Bo" }], undefined],
    ["an empty list", [], undefined],
    ["no list", null, undefined],
    ["holes", [null, undefined, 7, { name: "_pet_portrait_id", value: id }], id],
    ["something else than an id", [{ name: "_pet_portrait_id", value: "por_a b" }], undefined],
    ["a number", [{ name: "_pet_portrait_id", value: 7 }], undefined],
  ])("with %s", (_, properties, portrait) => expect(portraitOf({ id: "1", properties })).toBe(portrait));
});
