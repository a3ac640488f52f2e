import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { makingsPatience, shoppersPatience } from "#app/adapters/gcs/patience.ts";
import type { ErrorAnswer, PortraitListAnswer, PortraitPollAnswer } from "#app/http/storefront-api.ts";
import { openCloudStorageHouse, storageBuckets, type CloudStorageHouse } from "#test/builders/cloud-storage-house.ts";
import { smallPhoto } from "#test/builders/photos.ts";
import { until } from "#test/builders/quick-house.ts";
import { watchRefusals } from "#test/builders/slowest-refusal.ts";
import { comeAsShopper, type Answer, type TestShopper } from "#test/builders/storefront.ts";

/** What can be wrong with storage, and how it is made well again. */
const troubles: Record<string, (at: CloudStorageHouse) => void> = {
  "says nothing": ({ line }) => line.stop(),
  "breaks every connection": ({ storage }) => storage.faults.add({ kind: "reset-before" }, {}, 100_000),
  "answers 503": ({ storage }) => storage.faults.add({ kind: "status", status: 503 }, {}, 100_000),
  "takes eight seconds for everything": ({ storage }) => storage.faults.add({ kind: "delay", ms: 8_000 }, {}, 100_000),
};

const refusal = ({ status, headers, body }: Answer) => [
  status,
  headers.has("Retry-After"),
  (body as ErrorAnswer).error.code,
];
const busy = [503, true, "busy"];
const refusals = watchRefusals("storage");
/** The refusal of a call, and how long it took to come. */
const refused = async (ask: () => Promise<Answer>) => refusal(await refusals.timed(ask));

describe("storage that does not answer", () => {
  let at: CloudStorageHouse;
  let number = 9_000;
  beforeAll(async () => {
    at = await openCloudStorageHouse();
  });
  afterAll(async () => {
    refusals.report();
    await at.close();
  });
  const photo = () => smallPhoto((number += 1));
  const wellAgain = async () => {
    at.line.resume();
    at.storage.faults.clear();
    const probe = await comeAsShopper(at.house.url);
    await until(async () => [200, 201].includes((await probe.call("POST", "photos", { body: await photo() })).status));
  };
  beforeEach(wellAgain);

  const painted = async (shopper: TestShopper, photoId: string) => {
    const asked = await shopper.ask(photoId);
    expect(await shopper.wait(asked.body.portrait.id)).toMatchObject({ status: "ready" });
    return asked.body.portrait.id;
  };

  it("is waited for by shoppers as long as they have, and by makings longer", () => {
    expect(shoppersPatience.deadlineMs).toBeLessThanOrEqual(1_500);
    expect(makingsPatience.deadlineMs).toBeGreaterThan(10_000);
  });

  describe.each(Object.keys(troubles))("because it %s", (name) => {
    it("leaves shoppers what was painted, their own and others' of the shop", async () => {
      const [bytes, first, second] = [
        await photo(),
        await comeAsShopper(at.house.url),
        await comeAsShopper(at.house.url),
      ];
      const [mine, theirs] = [await first.give(bytes), await second.give(bytes)];
      const id = await painted(first, mine);
      const calls = at.house.painter.calls.length;
      troubles[name]?.(at);
      const again = await first.ask(mine);
      expect(again).toMatchObject({ status: 200, body: { portrait: { id, status: "ready", cached: true } } });
      const shared = await second.ask(theirs);
      expect(shared).toMatchObject({ status: 200, body: { portrait: { status: "ready", cached: true } } });
      expect(shared.body.portrait.image?.url).toBe(again.body.portrait.image?.url);
      const poll = await second.call<PortraitPollAnswer>("GET", `portraits/${shared.body.portrait.id}`);
      expect(poll).toMatchObject({ status: 200, body: { portrait: { status: "ready" }, quota: { used: 0 } } });
      const list = await first.call<PortraitListAnswer>("GET", "portraits");
      expect(list).toMatchObject({ status: 200, body: { portraits: [{ id }] } });
      expect(at.house.painter.calls.length).toBe(calls);
    });

    it("refuses what needs it with 503, keeps nothing half, and takes an order's promise all the same", async () => {
      const shopper = await comeAsShopper(at.house.url);
      const [known, bytes] = [await shopper.give(await photo()), await photo()];
      const unsharp = { query: { source_sha256: "ab".repeat(32) } };
      const leaving = await comeAsShopper(at.house.url);
      await leaving.give(await photo());
      troubles[name]?.(at);
      expect(await refused(() => shopper.call("POST", "photos", { body: bytes, ...unsharp }))).toEqual(busy);
      expect(await refused(() => shopper.ask(known))).toEqual(busy);
      const received = { body: { photo_id: known } };
      expect(await refused(() => shopper.call("POST", "photos/received", received))).toEqual(busy);
      expect(await refused(() => leaving.call("DELETE", "photos"))).toEqual(busy);
      expect((await shopper.ask(known, { pending: true })).status).toBe(201);
      expect(await shopper.quota()).toMatchObject({ used: 0 });
      await wellAgain();
      const bySource = { photos: [{ source_sha256: "ab".repeat(32) }], style: "ink_wash" };
      expect((await shopper.call("POST", "portraits", { body: bySource })).status).toBe(409);
      await painted(shopper, await shopper.give(bytes));
      expect((await leaving.call("DELETE", "photos")).status).toBe(200);
      expect(await shopper.quota()).toMatchObject({ used: 1 });
    });
  });

  it("ends a making that cannot have its photo as failed, to be tried again, with everything given back", async () => {
    const shopper = await comeAsShopper(at.house.url);
    const photoId = await shopper.give(await photo());
    at.house.painter.plan = { ...at.house.painter.plan, takesMs: 0 };
    const path = new RegExp(photoId);
    at.storage.faults.add({ kind: "status", status: 503 }, { path }, 100_000);
    const asked = await shopper.ask(photoId);
    expect(asked.status).toBe(202);
    const ended = await shopper.wait(asked.body.portrait.id);
    expect(ended).toMatchObject({ status: "failed", error: { code: "busy", retryable: true } });
    expect(await shopper.quota()).toMatchObject({ used: 0 });
    await wellAgain();
    await painted(shopper, photoId);
    expect(await shopper.quota()).toMatchObject({ used: 1 });
  });

  it("keeps a picture that was painted when it comes back in time, and charges it once", async () => {
    const shopper = await comeAsShopper(at.house.url);
    const photoId = await shopper.give(await photo());
    const calls = at.house.painter.calls.length;
    const creates = { method: "POST", path: /^\/upload\// };
    at.storage.faults.add({ kind: "status", status: 503 }, creates, 4);
    at.storage.faults.add({ kind: "reset-after" }, creates, 1);
    await painted(shopper, photoId);
    expect(at.house.painter.calls.length).toBe(calls + 1);
    expect(await shopper.quota()).toMatchObject({ used: 1 });
  });

  it("shows a picture whose preview it has lost to the next who asks for it", async () => {
    const [bytes, first, second] = [
      await photo(),
      await comeAsShopper(at.house.url),
      await comeAsShopper(at.house.url),
    ];
    await painted(first, await first.give(bytes));
    const previews = at.storage.buckets.get(storageBuckets.previews);
    const objectName = [...(previews?.objects.keys() ?? [])].at(-1) ?? "";
    previews?.objects.delete(objectName);
    expect((await second.ask(await second.give(bytes))).status).toBe(200);
    expect(previews?.objects.has(objectName)).toBe(true);
  });
});
