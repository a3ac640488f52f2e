import { describe, expect, it } from "vitest";
import { createInstant, wishOf } from "../../extensions/pet-processor/src/studio/instant.ts";
import { noPhoto, type Pet } from "../../extensions/pet-processor/src/studio/studio-state.ts";
import { portrait } from "./portraits.ts";

const style = { id: "ink_wash", name: "Modern", description: "", sample_url: "", revision: 1 };
const session = { styles: [style] };
const crop = { x: 0, y: 0, width: 0.5, height: 1, turn: 0 } as const;
const pet = (hash: string | null, of: Partial<Pet> = {}): Pet => ({
  slot: 1,
  crop: null,
  photo: { ...noPhoto, sourceSha256: hash },
  ...of,
});
const order = { pets: [pet("ab")], style: "ink_wash", take: 1 };

describe("what a portrait is known by in the browser", () => {
  it("is the same for the same wish, whatever the page calls the photo and its slot", () => {
    const again = [pet("ab", { slot: 3, photo: { ...noPhoto, id: "pht_1", sourceSha256: "ab", preview: "blob:1" } })];
    expect(wishOf({ ...order, pets: again }, session)).toBe(wishOf(order, session));
  });

  const two = { ...order, pets: [pet("ab"), pet("cd")] };
  it.each([
    ["photo", order, { ...order, pets: [pet("cd")] }, session],
    ["crop", order, { ...order, pets: [pet("ab", { crop })] }, session],
    ["order of the pets", two, { ...two, pets: two.pets.toReversed() }, session],
    ["take", order, { ...order, take: 2 }, session],
    ["revision of the style", order, order, { styles: [{ ...style, revision: 2 }] }],
  ])("is another one for another %s", (_what, one, other, of) => {
    expect(wishOf(other, of)).not.toBe(wishOf(one, session));
  });

  it("is nothing where a photo has no hash, or the style is not offered any more", () => {
    expect(wishOf({ ...order, pets: [pet("ab"), pet(null)] }, session)).toBeNull();
    expect(wishOf(order, { styles: [] })).toBeNull();
  });

  it("finds nothing and breaks nothing where the browser has no databases, or the shopper allows none", async () => {
    for (const allowed of [true, false]) {
      const instant = createInstant({ storage: undefined, now: () => 0, mayRemember: () => Promise.resolve(allowed) });
      instant.keepPortrait("wish", portrait());
      instant.drop("wish");
      instant.clear();
      expect([await instant.portrait("wish"), await instant.photo("ab")]).toEqual([null, null]);
    }
  });
});
