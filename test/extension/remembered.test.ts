import { describe, expect, it } from "vitest";
import { createRemembered } from "../../extensions/pet-processor/src/page/remembered.ts";

const pets = [{ photoId: "pht_1", sourceSha256: "ab".repeat(32), crop: null }];
const day = 24 * 60 * 60 * 1000;

function storage(refuses = false): Storage & { raw(): string } {
  const kept = new Map<string, string>();
  const full = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  return {
    getItem: (key) => (refuses ? full() : (kept.get(key) ?? null)),
    setItem: (key, value) => void (refuses ? full() : kept.set(key, value)),
    removeItem: (key) => void kept.delete(key),
    clear: () => kept.clear(),
    key: () => null,
    length: 0,
    raw: () => [...kept.values()].join(),
  };
}

describe("what the browser remembers", () => {
  it("is found again after a reload", () => {
    const shelf = storage();
    const before = createRemembered(shelf, () => 1000);
    before.keepSession("token");
    before.keepWork("111", { portraitId: "por_1", pets });
    const after = createRemembered(shelf, () => 2000);
    expect([after.session(), after.work("111"), after.work("222")]).toEqual([
      "token",
      { portraitId: "por_1", pets, atMs: 1000 },
      null,
    ]);
  });

  it("is ids, hashes and times and nothing else", () => {
    const shelf = storage();
    const remembered = createRemembered(shelf, () => 1000);
    remembered.keepSession("token");
    remembered.keepWork("111", { portraitId: "por_1", pets, submittedAtMs: 5 });
    expect(JSON.parse(shelf.raw())).toEqual({
      session: "token",
      products: { 111: { portraitId: "por_1", pets, submittedAtMs: 5, atMs: 1000 } },
    });
  });

  it("is gone after a week, and never more than twenty products", () => {
    const shelf = storage();
    let now = 0;
    const remembered = createRemembered(shelf, () => now);
    remembered.keepWork("old", { portraitId: "por_1", pets });
    now = 7 * day;
    expect(remembered.work("old")).toBeNull();
    for (let index = 0; index < 25; index += 1) {
      now += 1;
      remembered.keepWork(`p${index}`, { portraitId: "por_1", pets });
    }
    const { products } = JSON.parse(shelf.raw()) as { products: object };
    expect(Object.keys(products)).toHaveLength(20);
    expect([remembered.work("p4"), remembered.work("p24")?.portraitId]).toEqual([null, "por_1"]);
  });

  it("of a wish without an answer lasts ten minutes", () => {
    let now = 1000;
    const remembered = createRemembered(storage(), () => now);
    const wish = { style: "ink_wash", take: 1, pending: false };
    remembered.keepWork("111", { portraitId: null, wish, pets });
    now += 10 * 60_000 - 1;
    expect(remembered.work("111")).toMatchObject({ portraitId: null, wish });
    now += 1;
    expect(remembered.work("111")).toBeNull();
  });

  it("lasts as long as the page where storage is forbidden, full or broken", () => {
    for (const shelf of [null, storage(true)]) {
      const remembered = createRemembered(shelf, () => 1000);
      remembered.keepSession("token");
      remembered.keepWork("111", { portraitId: "por_1", pets });
      expect([remembered.session(), remembered.work("111")?.portraitId]).toEqual(["token", "por_1"]);
    }
    const broken = storage();
    broken.setItem("pet-processor", "{not json");
    expect(createRemembered(broken, () => 1000).session()).toBeNull();
  });

  it("keeps one product's work apart from another's", () => {
    const remembered = createRemembered(storage(), () => 1000);
    remembered.keepWork("111", { portraitId: "por_1", pets });
    remembered.keepWork("222", { portraitId: "por_2", pets });
    remembered.forgetWork("111");
    expect([remembered.work("111"), remembered.work("222")?.portraitId]).toEqual([null, "por_2"]);
    remembered.keepSession("token");
    remembered.forgetAll();
    expect([remembered.work("222"), remembered.session()]).toEqual([null, "token"]);
  });
});
