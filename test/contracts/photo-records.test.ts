import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Database } from "#app/adapters/prisma/open-database.ts";
import { createPrismaPhotoRecords } from "#app/adapters/prisma/prisma-photo-records.ts";
import type { PhotoRecord, PhotoRecords } from "#app/photos/photo-records.ts";
import { describeOnEachDatabase } from "#test/builders/databases.ts";

let number = 0;
const sha = (text: string): string => createHash("sha256").update(text).digest("hex");

function photo(facts: Partial<PhotoRecord> = {}): PhotoRecord {
  number += 1;
  return {
    id: `pht_${number}`,
    shop: "a.shop",
    shopper: "c:1",
    sha256: sha(`f${number}`),
    objectName: `shops/a.shop/photos/pht_${number}`,
    width: 640,
    height: 480,
    bytes: 12_345,
    notices: [{ code: "shrunk", message: "It was made smaller." }],
    createdAtMs: Date.parse("2026-03-29T01:30:00.123Z"),
    expiresAtMs: Date.parse("2026-04-05T01:30:00.123Z"),
    ...facts,
  };
}

describeOnEachDatabase("the photo records", (open) => {
  let database: Database;
  let records: PhotoRecords;
  beforeAll(async () => {
    database = await open();
    records = createPrismaPhotoRecords(database.prisma);
  });
  afterAll(() => database.close());

  it("give a photo back as it was, by id, by hash and by source", async () => {
    const given = photo();
    expect(await records.insert(given)).toEqual({ photo: given, inserted: true });
    expect(await records.findById("a.shop", ["c:1"], given.id)).toEqual(given);
    expect(await records.findBySha256("a.shop", ["c:1"], given.sha256)).toEqual(given);
    expect(await records.findBySource("a.shop", ["s:9", "c:1"], given.sha256)).toEqual(given);
  });

  it("keep one photo of the same bytes for an owner, the first", async () => {
    const [first, second] = [photo({ sha256: sha("same") }), photo({ sha256: sha("same") })];
    await records.insert(first);
    expect(await records.insert(second)).toEqual({ photo: first, inserted: false });
    expect(await records.findById("a.shop", ["c:1"], second.id)).toBeUndefined();
  });

  it("refuse other bytes under an id that is taken, as a conflict and not as a fault", async () => {
    const first = photo();
    await records.insert(first);
    const other = photo({ id: first.id });
    await expect(records.insert(other)).rejects.toMatchObject({ kind: "conflict", code: "photo_needed" });
    expect(await records.findById("a.shop", ["c:1"], first.id)).toEqual(first);
  });

  it("insert one of many that come at once", async () => {
    const crowd = Array.from({ length: 30 }, () => photo({ sha256: sha("crowd") }));
    const answers = await Promise.all(crowd.map((one) => records.insert(one)));
    expect(answers.filter(({ inserted }) => inserted)).toHaveLength(1);
    expect(new Set(answers.map(({ photo }) => photo.id)).size).toBe(1);
  });

  it("keep the same bytes apart for another owner and another shop", async () => {
    const mine = photo({ sha256: sha("apart") });
    await records.insert(mine);
    expect((await records.insert(photo({ sha256: sha("apart"), shopper: "c:2" }))).inserted).toBe(true);
    expect((await records.insert(photo({ sha256: sha("apart"), shop: "b.shop" }))).inserted).toBe(true);
  });

  it("show a photo to nobody else", async () => {
    const mine = photo();
    await records.insert(mine);
    await records.addAlias(mine, sha("alias-mine"));
    for (const [shop, owner] of [
      ["a.shop", "c:2"],
      ["b.shop", "c:1"],
      ["a.shop", "s:1"],
    ] as const) {
      expect(await records.findById(shop, [owner], mine.id)).toBeUndefined();
      expect(await records.findBySha256(shop, [owner], mine.sha256)).toBeUndefined();
      expect(await records.findBySource(shop, [owner], sha("alias-mine"))).toBeUndefined();
    }
    expect(await records.findById("a.shop", [], mine.id)).toBeUndefined();
  });

  it("find a photo by its alias, and the newest photo of that alias", async () => {
    const [before, after] = [photo(), photo()];
    await records.insert(before);
    await records.insert(after);
    await records.addAlias(before, sha("picked"));
    await records.addAlias(before, sha("picked"));
    expect((await records.findBySource("a.shop", ["c:1"], sha("picked")))?.id).toBe(before.id);
    await records.addAlias(after, sha("picked"));
    expect((await records.findBySource("a.shop", ["c:1"], sha("picked")))?.id).toBe(after.id);
  });

  it("take one alias many times at once", async () => {
    const mine = photo();
    await records.insert(mine);
    await Promise.all(Array.from({ length: 30 }, () => records.addAlias(mine, sha("often"))));
    expect((await records.findBySource("a.shop", ["c:1"], sha("often")))?.id).toBe(mine.id);
  });

  it("put an end off and never forward", async () => {
    const mine = photo();
    await records.insert(mine);
    await records.keepUntil(mine.id, mine.expiresAtMs + 1_000);
    await records.keepUntil(mine.id, mine.expiresAtMs - 1_000);
    expect((await records.findById("a.shop", ["c:1"], mine.id))?.expiresAtMs).toBe(mine.expiresAtMs + 1_000);
  });
});
