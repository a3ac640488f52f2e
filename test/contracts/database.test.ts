import { afterAll, beforeAll, expect, it } from "vitest";
import type { Database } from "#app/adapters/prisma/open-database.ts";
import { describeOnEachDatabase } from "#test/builders/databases.ts";

describeOnEachDatabase("the records", (open) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  it("bring every type back as it was given", async () => {
    const at = new Date("2026-03-29T01:30:00.123Z");
    await database.prisma.attempt.create({
      data: {
        id: "a1",
        shop: "s",
        portraitKey: "k",
        style: "ink",
        painter: "p",
        model: "m",
        outcome: "painted",
        priceTable: "t",
        costMicroUsd: 9_007_199_254_740_993n,
        startedAt: at,
      },
    });
    await database.prisma.portrait.create({
      data: {
        id: "p1",
        shop: "s",
        shopper: "c:1",
        session: "s:1",
        key: "k",
        photos: [{ id: "ü\"'\\", crop: null }],
        style: "ink",
        styleRevision: 1,
        take: 1,
        painter: "preview",
        model: "m",
        status: "ready",
        cached: true,
        createdAt: at,
        expiresAt: at,
      },
    });
    const attempt = await database.prisma.attempt.findUniqueOrThrow({ where: { id: "a1" } });
    const portrait = await database.prisma.portrait.findUniqueOrThrow({ where: { id: "p1" } });
    expect(attempt.costMicroUsd).toBe(9_007_199_254_740_993n);
    expect(attempt.startedAt).toEqual(at);
    expect(attempt.endedAt).toBeNull();
    expect(portrait.photos).toEqual([{ id: "ü\"'\\", crop: null }]);
    expect(portrait.cached).toBe(true);
  });

  it("report a broken unique rule as Prisma's P2002", async () => {
    const shop = { shop: "twice", secret: "x" };
    await database.prisma.shop.create({ data: shop });
    await expect(database.prisma.shop.create({ data: shop })).rejects.toMatchObject({ code: "P2002" });
  });

  it("roll back a transaction that throws and go on serving", async () => {
    const broken = database.prisma.$transaction(async (tx) => {
      await tx.shop.create({ data: { shop: "half", secret: "x" } });
      throw new Error("no further");
    });
    await expect(broken).rejects.toThrow("no further");
    expect(await database.prisma.shop.findUnique({ where: { shop: "half" } })).toBeNull();
  });

  it("serve 60 transactions at once", async () => {
    const counts = Array.from({ length: 60 }, (_, n) =>
      database.prisma.$transaction(async (tx) => {
        await tx.shop.create({ data: { shop: `many-${n}`, secret: "x" } });
        return tx.shop.count({ where: { shop: `many-${n}` } });
      }),
    );
    expect(await Promise.all(counts)).toEqual(Array.from({ length: 60 }, () => 1));
  });
});
