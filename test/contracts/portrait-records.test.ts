import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPrismaPortraitRecords } from "#app/adapters/prisma/prisma-portrait-records.ts";
import type { PortraitRecord, PortraitRecords } from "#app/portraits/portrait-records.ts";
import { describeOnEachDatabase } from "#test/builders/databases.ts";
import { createMemoryPortraitRecords } from "#test/builders/memory-portrait-records.ts";
import { galleryEntry, portraitRecord } from "#test/builders/portrait-record.ts";

const nowMs = Date.parse("2026-03-29T13:00:00.456Z");
const broken = { code: "painter_slow", message: "It took too long.", retryable: true };
let tokens = 0;
const finishing = (atMs = nowMs) => ({ nowMs: atMs, imageToken: () => `img_${(tokens += 1)}` });
const idsOf = (portraits: PortraitRecord[]) => portraits.map(({ id }) => id);

type OpenRecords = () => Promise<{ records: PortraitRecords; close(): Promise<void> }>;

/** Runs the suite on each database and on the records in memory, on which the models walk. */
function describeOnEachRecords(suite: (open: OpenRecords) => void): void {
  describe("the portrait records in memory", () => suite(openInMemory));
  describeOnEachDatabase("the portrait records", (open) =>
    suite(async () => {
      const { prisma, close } = await open();
      return { records: createPrismaPortraitRecords(prisma), close };
    }),
  );
}

const openInMemory: OpenRecords = async () => ({
  records: createMemoryPortraitRecords().records,
  close: async () => undefined,
});

describeOnEachRecords((open) => {
  let records: PortraitRecords;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ records, close } = await open());
  });
  afterAll(() => close());

  const insert = async (facts: Partial<PortraitRecord> = {}) =>
    (await records.insertActive(portraitRecord(facts))).portrait;
  const find = ({ shop, shopper, id }: PortraitRecord) => records.find(shop, [shopper], id);

  it("give a portrait back as it was, with what is reserved and what was cropped", async () => {
    const crop = { x: 0.1, y: 0.2, width: 0.3, height: 0.4, turn: 90 as const };
    const photos = [{ photoId: "pht_9", objectName: "o", sha256: "s", crop }];
    const given = await insert({ photos, styleRevision: 3, take: 99 });
    expect(await find(given)).toEqual(given);
    const failed = portraitRecord({ status: "failed", stage: null, error: broken, reserved: null });
    await records.insertSettled(failed);
    expect(await find(failed)).toEqual(failed);
  });

  it("show a portrait to nobody else", async () => {
    const mine = await insert();
    await records.finish(mine.shop, mine.key, galleryEntry(), finishing());
    for (const [shop, owner] of [
      ["a.shop", "c:2"],
      ["b.shop", "c:1"],
      ["a.shop", "s:1"],
    ] as const) {
      expect(await records.find(shop, [owner], mine.id)).toBeUndefined();
      expect(await records.findReady(shop, [owner], mine.key)).toBeUndefined();
    }
    expect(await records.find("a.shop", ["s:1", "c:1"], mine.id)).toMatchObject({ id: mine.id });
  });

  describe("an active portrait of a key", () => {
    it("is one for an owner, however many ask at once", async () => {
      const crowd = Array.from({ length: 30 }, () => portraitRecord({ key: "crowd" }));
      const answers = await Promise.all(crowd.map((one) => records.insertActive(one)));
      expect(answers.filter(({ inserted }) => inserted)).toHaveLength(1);
      expect(new Set(answers.map(({ portrait }) => portrait.id)).size).toBe(1);
      expect(await records.findActive("a.shop", ["c:1"], "crowd")).toMatchObject({ id: answers[0]?.portrait.id });
    });

    it("is another one for another owner, and they wait in the order in which they asked", async () => {
      const late = await insert({ key: "queue", shopper: "c:2", createdAtMs: nowMs + 2 });
      const early = await insert({ key: "queue", shopper: "c:3", createdAtMs: nowMs + 1 });
      expect(idsOf(await records.waitingFor("a.shop", "queue"))).toEqual([early.id, late.id]);
      expect(await records.waitingFor("b.shop", "queue")).toEqual([]);
    });

    it("leaves the way free when it has ended, in whatever way", async () => {
      const endings = {
        ready: (p: PortraitRecord) => records.finish(p.shop, p.key, galleryEntry(), finishing()),
        failed: (p: PortraitRecord) => records.fail(p.shop, p.key, broken, nowMs),
        cancelled: (p: PortraitRecord) => records.cancel(p.id, nowMs),
      };
      for (const [name, end] of Object.entries(endings)) {
        await end(await insert({ key: `again-${name}` }));
        expect((await records.insertActive(portraitRecord({ key: `again-${name}` }))).inserted).toBe(true);
      }
    });
  });

  describe("a making", () => {
    it("takes everybody who waits through the stages and starts once", async () => {
      const [a, b] = [await insert({ key: "stages" }), await insert({ key: "stages", shopper: "c:2" })];
      await records.setStage("a.shop", "stages", "cutting_out", nowMs);
      await records.setStage("a.shop", "stages", "painting", nowMs + 5);
      for (const portrait of [a, b]) {
        expect(await find(portrait)).toMatchObject({ status: "making", stage: "painting", startedAtMs: nowMs });
      }
    });

    it("ends for all with the picture, each with an address of its own", async () => {
      const [a, b] = [await insert({ key: "done" }), await insert({ key: "done", shopper: "c:2" })];
      const ready = await records.finish("a.shop", "done", galleryEntry(), finishing());
      expect(idsOf(ready)).toEqual([a.id, b.id]);
      expect(ready[0]).toMatchObject({ status: "ready", stage: null, width: 1024, height: 1280, backgroundKept: true });
      expect(ready[0]?.imageToken).not.toBe(ready[1]?.imageToken);
      expect(await records.findByImageToken(ready[1]?.imageToken ?? "")).toMatchObject({ id: b.id });
      expect(await records.finish("a.shop", "done", galleryEntry(), finishing())).toEqual([]);
    });

    it("ends for those who are named, and the others go on waiting", async () => {
      const [a, b, c] = [
        await insert({ key: "some" }),
        await insert({ key: "some", shopper: "c:2" }),
        await insert({ key: "some", shopper: "c:3" }),
      ];
      const ready = await records.finish("a.shop", "some", galleryEntry(), { ...finishing(), only: [a.id, c.id] });
      expect(idsOf(ready)).toEqual([a.id, c.id]);
      expect(await records.finish("a.shop", "some", galleryEntry(), { ...finishing(), only: [] })).toEqual([]);
      expect(idsOf(await records.waitingFor("a.shop", "some"))).toEqual([b.id]);
    });

    it("that fails does not end for who is written down as its payer, alone or with the others", async () => {
      const [payer, other] = [await insert({ key: "payer" }), await insert({ key: "payer", shopper: "c:2" })];
      await records.decidePayer(payer, "shops/a.shop/portraits/payer");
      expect(idsOf(await records.fail("a.shop", "payer", broken, nowMs))).toEqual([other.id]);
      expect(await records.failOne(payer.id, broken, { nowMs, hidden: false })).toBeUndefined();
      expect(await find(payer)).toMatchObject({ status: "queued", error: null });
      await records.letPayerOff(payer.id, "shops/a.shop/portraits/payer");
      expect(idsOf(await records.fail("a.shop", "payer", broken, nowMs))).toEqual([payer.id]);
      expect(await records.decidePayer(payer, "shops/a.shop/portraits/payer")).toBeUndefined();
    });

    it("that fails ends for all with the reason, and what they had reserved comes back to be given back", async () => {
      const a = await insert({ key: "fail" });
      const failed = await records.fail("a.shop", "fail", broken, nowMs);
      expect(failed).toMatchObject([{ id: a.id, status: "failed", stage: null, error: broken, reserved: a.reserved }]);
      expect(await records.fail("a.shop", "fail", broken, nowMs)).toEqual([]);
    });

    it("is known as it was given, for as long as somebody of the shop has it", async () => {
      const objectName = "shops/a.shop/portraits/known";
      expect(await records.findGiven("a.shop", objectName)).toBeUndefined();
      const queued = await insert({ key: "known", expiresAtMs: nowMs + 5 });
      expect(await records.findGiven("a.shop", objectName)).toBeUndefined();
      await records.finish("a.shop", "known", galleryEntry({ objectName, width: 10, height: 20 }), finishing());
      const picture = { objectName, width: 10, height: 20, contentType: "image/jpeg", backgroundKept: true };
      const given = { ...picture, cutoutBy: "classic-1", expiresAtMs: nowMs + 5 };
      expect(await records.findGiven("a.shop", objectName)).toEqual(given);
      const later = { ...picture, cutoutBy: "classic-1", expiresAtMs: nowMs + 9, shopper: "c:2" };
      await records.insertSettled(portraitRecord({ ...later, key: "known", status: "ready", cached: true }));
      await records.hide(queued.id, nowMs);
      expect(await records.findGiven("a.shop", objectName)).toEqual({ ...given, expiresAtMs: nowMs + 9 });
      expect(await records.findGiven("b.shop", objectName)).toBeUndefined();
    });

    it("was given once somebody had the picture who was not answered from the gallery", async () => {
      // A picture may lie under another key than the wished one, where another remover stood in.
      const objectName = "shops/a.shop/portraits/what-was-made";
      await records.insertSettled(portraitRecord({ key: "given", status: "ready", cached: true, objectName }));
      expect(await records.wasGiven("a.shop", objectName)).toBe(false);
      await insert({ key: "given", shopper: "c:2" });
      expect(await records.wasGiven("a.shop", objectName)).toBe(false);
      await records.finish("a.shop", "given", galleryEntry({ objectName }), finishing());
      expect(await records.wasGiven("a.shop", objectName)).toBe(true);
      expect(await records.wasGiven("b.shop", objectName)).toBe(false);
    });
  });

  describe("who pays for a picture", () => {
    let pictures = 0;
    const newPicture = () => `shops/a.shop/portraits/paid-${(pictures += 1)}`;

    it("is one, however many are proposed at once, and stays so", async () => {
      const picture = newPicture();
      const all = await Promise.all(
        ["c:1", "c:2", "c:3", "c:4", "c:5"].map((shopper) => insert({ key: picture, shopper })),
      );
      const answers = await Promise.all([...all, ...all].map((one) => records.decidePayer(one, picture)));
      const [payer] = answers;
      expect(payer && idsOf(all)).toContain(payer?.id);
      expect(answers.map((one) => one?.id)).toEqual(answers.map(() => payer?.id));
      expect(await records.decidePayer(all[0] as PortraitRecord, picture)).toEqual(payer);
    });

    it("is told to the next one as they are now, also when they have ended", async () => {
      const [picture, first] = [newPicture(), await insert()];
      await records.decidePayer(first, picture);
      await records.cancel(first.id, nowMs);
      const payer = await records.decidePayer(await insert(), picture);
      expect(payer).toEqual({ ...first, status: "cancelled", stage: null });
    });

    it("is another one once the first has been let off, and nobody else is let off with them", async () => {
      const [picture, first, second] = [newPicture(), await insert(), await insert()];
      await records.decidePayer(first, picture);
      await records.letPayerOff(second.id, picture);
      await records.letPayerOff(first.id, newPicture());
      expect((await records.decidePayer(second, picture))?.id).toBe(first.id);
      await records.letPayerOff(first.id, picture);
      expect((await records.decidePayer(second, picture))?.id).toBe(second.id);
      expect((await records.decidePayer(first, picture))?.id).toBe(second.id);
    });

    it("pays for that one alone, and is not asked for another's while they do", async () => {
      const [picture, another, portrait, next] = [newPicture(), newPicture(), await insert(), await insert()];
      await records.decidePayer(portrait, picture);
      expect((await records.decidePayer(portrait, another))?.id).toBe(portrait.id);
      expect((await records.decidePayer(next, another))?.id).toBe(next.id);
      expect((await records.decidePayer(next, picture))?.id).toBe(portrait.id);
    });

    it("is another one in another shop", async () => {
      const [picture, here, elsewhere] = [newPicture(), await insert(), await insert({ shop: "b.shop" })];
      expect((await records.decidePayer(here, picture))?.id).toBe(here.id);
      expect((await records.decidePayer(elsewhere, picture))?.id).toBe(elsewhere.id);
    });

    it("is nobody whose record is gone", async () => {
      expect(await records.decidePayer(portraitRecord(), newPicture())).toBeUndefined();
    });
  });

  describe("a promise", () => {
    const promise = (facts: Partial<PortraitRecord> = {}) =>
      portraitRecord({ key: "promise", status: "pending", stage: null, ...facts });

    it("is one for an owner, however many ask at once, and lasts as long as the last one would", async () => {
      const first = await records.insertPending(promise({ expiresAtMs: nowMs + 1_000 }));
      const crowd = Array.from({ length: 20 }, () => promise({ expiresAtMs: nowMs + 9_000 }));
      const again = await Promise.all(crowd.map((one) => records.insertPending(one)));
      expect(again).toEqual(again.map(() => ({ ...first, expiresAtMs: nowMs + 9_000 })));
      expect((await records.list("a.shop", ["c:1"], 500)).filter(({ key }) => key === "promise")).toHaveLength(1);
    });

    it("is another one for another owner, shop or key, and stands beside a making", async () => {
      const facts = [{ shopper: "c:2" }, { shop: "b.shop" }, { key: "promise-2" }, {}].map((one) => ({
        key: "p",
        ...one,
      }));
      const ids = [];
      for (const one of facts) ids.push((await records.insertPending(promise(one))).id);
      expect(new Set(ids).size).toBe(facts.length);
      expect((await records.insertActive(portraitRecord({ key: "p" }))).inserted).toBe(true);
    });

    it("that was taken back is made anew", async () => {
      const taken = await records.insertPending(promise({ key: "taken" }));
      await records.hide(taken.id, nowMs);
      const anew = await records.insertPending(promise({ key: "taken" }));
      expect(anew.id).not.toBe(taken.id);
      expect([(await find(taken))?.status, (await find(anew))?.status]).toEqual(["cancelled", "pending"]);
    });
  });

  describe("of two moves that meet", () => {
    it("a cancel and a finish, one goes through", async () => {
      for (let round = 0; round < 10; round++) {
        const portrait = await insert({ key: `meet-${round}` });
        const [cancelled, ready] = await Promise.all([
          records.cancel(portrait.id, nowMs),
          records.finish("a.shop", portrait.key, galleryEntry(), finishing()),
        ]);
        expect([cancelled !== undefined, ready.length === 1].filter(Boolean)).toHaveLength(1);
        expect((await find(portrait))?.status).toBe(cancelled === undefined ? "ready" : "cancelled");
      }
    });

    it("a failure and a payer, one goes through", async () => {
      for (let round = 0; round < 10; round++) {
        const portrait = await insert({ key: `payer-${round}` });
        const [failed, payer] = await Promise.all([
          records.fail("a.shop", portrait.key, broken, nowMs),
          records.decidePayer(portrait, `shops/a.shop/portraits/payer-${round}`),
        ]);
        expect([failed.length === 1, payer !== undefined].filter(Boolean)).toHaveLength(1);
        expect((await find(portrait))?.status).toBe(payer === undefined ? "failed" : "queued");
      }
    });

    it("a refusal and a finish, one goes through", async () => {
      const portrait = await insert({ key: "refusal" });
      await records.finish("a.shop", portrait.key, galleryEntry(), finishing());
      expect(await records.failOne(portrait.id, broken, { nowMs, hidden: true })).toBeUndefined();
      expect(await find(portrait)).toMatchObject({ status: "ready", error: null });
    });
  });

  it("name who left while a picture was made, the last one last", async () => {
    const [before, a, b] = [
      await insert({ key: "left" }),
      await insert({ key: "left", shopper: "c:2" }),
      await insert({ key: "left", shopper: "c:3" }),
    ];
    await records.cancel(before.id, nowMs - 1);
    await records.cancel(b.id, nowMs);
    await records.cancel(a.id, nowMs + 1);
    expect(idsOf(await records.cancelledSince("a.shop", "left", nowMs))).toEqual([b.id, a.id]);
  });

  it("list what a shopper can see, newest first", async () => {
    const who = { shopper: "c:list" };
    const ready = await insert({ ...who, createdAtMs: nowMs });
    await records.finish(ready.shop, ready.key, galleryEntry(), finishing());
    const hidden = await insert(who);
    await records.finish(hidden.shop, hidden.key, galleryEntry(), finishing());
    await records.hide(hidden.id, nowMs);
    const cancelled = await insert(who);
    await records.cancel(cancelled.id, nowMs);
    const refused = await insert(who);
    await records.failOne(refused.id, broken, { nowMs, hidden: true });
    const pending = portraitRecord({ ...who, status: "pending", stage: null, createdAtMs: nowMs + 2 });
    await records.insertSettled(pending);
    const active = await insert({ ...who, createdAtMs: nowMs + 1 });
    expect(idsOf(await records.list("a.shop", ["c:list"], 50))).toEqual([pending.id, active.id, ready.id]);
    expect(idsOf(await records.list("a.shop", ["c:list"], 1))).toEqual([pending.id]);
    await records.hide(pending.id, nowMs);
    expect((await find(pending))?.status).toBe("cancelled");
    expect((await find(hidden))?.status).toBe("ready");
  });

  it("find a ready portrait again unless it has left the list", async () => {
    const portrait = await insert();
    expect(await records.findReady("a.shop", ["c:1"], portrait.key)).toBeUndefined();
    await records.finish(portrait.shop, portrait.key, galleryEntry(), finishing());
    expect(await records.findReady("a.shop", ["c:1"], portrait.key)).toMatchObject({ id: portrait.id });
    await records.hide(portrait.id, nowMs);
    expect(await records.findReady("a.shop", ["c:1"], portrait.key)).toBeUndefined();
  });

  it("name the keys that wait since long ago, each once", async () => {
    await insert({ shop: "old.shop", key: "old", createdAtMs: nowMs - 10_000 });
    await insert({ shop: "old.shop", key: "old", shopper: "c:2", createdAtMs: nowMs - 9_000 });
    await insert({ shop: "old.shop", key: "young", createdAtMs: nowMs });
    const jobs = (await records.forgottenJobs(nowMs - 5_000, 1_000)).filter(({ shop }) => shop === "old.shop");
    expect(jobs).toEqual([{ shop: "old.shop", key: "old", isOrdered: false }]);
  });

  it("measure the median of the newest makings by a model, and of nothing else", async () => {
    const model = "measured";
    expect(await records.medianMakingMs(model, 50)).toBeNull();
    const durations = [9_000, 1_000, 3_000, 2_000];
    for (const [n, durationMs] of durations.entries()) {
      const { key } = await insert({ model, key: `median-${n}`, createdAtMs: nowMs + n });
      await records.setStage("a.shop", key, "painting", nowMs);
      await records.finish("a.shop", key, galleryEntry(), finishing(nowMs + durationMs));
    }
    await records.insertSettled(portraitRecord({ model, status: "ready", cached: true, startedAtMs: nowMs }));
    await insert({ model });
    expect(await records.medianMakingMs(model, 50)).toBe(3_000);
    expect(await records.medianMakingMs(model, 3)).toBe(2_000);
  });
});
