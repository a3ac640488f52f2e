import { describe, expect, it } from "vitest";
import type { Shopper } from "#app/kernel/shopper.ts";
import { stoppedClock } from "#test/builders/stopped-clock.ts";
import { proxyPhotoLimits } from "./limits.ts";
import type { PhotoRecord } from "./photo-records.ts";
import { takePhoto, type TakePhotoParts } from "./take-photo.ts";

const shopper: Shopper = { shop: "a.myshopify.com", customer: null, session: "s:1", address: null };
const upload = {
  path: "/nowhere",
  bytes: 9,
  sha256: "ab",
  head: Buffer.from([0xff, 0xd8, 0xff]),
  discard: async () => {},
};

/** An intake whose photo is read without a file, and whose storage does as it is told. */
function intake(create: TakePhotoParts["bytes"]["create"]) {
  const held = { photos: 0 };
  const records = new Map<string, PhotoRecord>();
  const parts: TakePhotoParts = {
    reader: {
      probe: async () => ({ kind: "photo", format: "jpeg", width: 400, height: 300, pages: 1 }),
      async normalise() {
        held.photos += 1;
        return { bytes: Buffer.from("photo"), width: 400, height: 300, release: () => void (held.photos -= 1) };
      },
      crop: async (photo) => photo,
    },
    records: {
      insert: async (photo) => (records.set(photo.id, photo), { photo, inserted: true }),
      findById: async (_shop, _owners, id) => records.get(id),
      findBySha256: async () => undefined,
      findBySource: async () => undefined,
      addAlias: async () => undefined,
      keepUntil: async () => undefined,
    },
    bytes: { create, stat: async () => undefined, keepUntil: async () => true, delete: async () => true },
    clock: stoppedClock(0),
    ids: { next: (kind) => `${kind}_1` },
    limits: proxyPhotoLimits,
  };
  return { held, take: () => takePhoto(parts, shopper, upload, { sourceSha256: null }) };
}

describe("a photo that is taken in", () => {
  it("is held in memory until it is stored, and no longer", async () => {
    const seen: number[] = [];
    const { held, take } = intake(async () => (seen.push(held.photos), "created"));
    expect(await take()).toMatchObject({ isNew: true, photo: { bytes: 5 } });
    expect([seen, held.photos]).toEqual([[1], 0]);
  });

  it("is let go of where it cannot be stored", async () => {
    const { held, take } = intake(async () => Promise.reject(new Error("no storage")));
    await expect(take()).rejects.toThrow("no storage");
    expect(held.photos).toBe(0);
  });
});
