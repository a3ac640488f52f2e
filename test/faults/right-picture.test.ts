import { createHash } from "node:crypto";
import sharp from "sharp";
import { describe, expect, it, vi } from "vitest";
import type { Painter, PaintRequest } from "#app/painters/painter.ts";
import { styles } from "#app/styles/catalogue.ts";
import { smallPhoto } from "#test/builders/photos.ts";
import { openQuickHouse } from "#test/builders/quick-house.ts";
import { comeAsShopper, type TestShopper } from "#test/builders/storefront.ts";
import { report, scaled } from "./figures.ts";

/** What the styles' revisions are at this moment: a prompt that is changed while the shop is open. */
const revision = vi.hoisted(() => ({ now: 1 }));
vi.mock(import("#app/styles/catalogue.ts"), async (original) => {
  const { styles: real } = await original();
  const revised = () => real.map((style) => ({ ...style, revision: revision.now }));
  return { styles: real, findStyle: (id: string) => revised().find((style) => style.id === id) };
});

const shops = scaled({ short: 3, full: 12 });
const revisions = scaled({ short: 2, full: 3 });
const takes = 2;
const reads = scaled({ short: 1_500, full: 100_000 });
const atOnce = 20;

/** Everything that shapes a picture, as one number: what is painted says it, and so does the address that it is read from. */
type Shape = { photo: number; style: string; revision: number; take: number };
const bitsOf = ({ photo, style, revision: at, take }: Shape): number =>
  photo | (styles.findIndex(({ id }) => id === style) << 10) | (at << 12) | (take << 16);

function shapesOf(photo: number): Shape[] {
  const numbers = (most: number) => Array.from({ length: most }, (_, n) => n + 1);
  return numbers(revisions).flatMap((at) =>
    styles.flatMap(({ id: style }) => numbers(takes).map((take) => ({ photo, style, revision: at, take }))),
  );
}

/** Stripes, one a bit: no compression and no preview mixes them up. */
const stripes = 20;

async function paintStripes(bits: number, { width, height }: { width: number; height: number }): Promise<Buffer> {
  const row = Buffer.alloc(width * 3);
  for (let x = 0; x < width; x++)
    row.fill((bits >> Math.floor((x * stripes) / width)) & 1 ? 220 : 30, x * 3, x * 3 + 3);
  return sharp(Buffer.alloc(row.length * height, row), { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 60 })
    .toBuffer();
}

async function readStripes(picture: Buffer): Promise<number> {
  const { data, info } = await sharp(picture).greyscale().raw().toBuffer({ resolveWithObject: true });
  let bits = 0;
  for (let bit = 0; bit < stripes; bit++) {
    const x = Math.floor(((bit + 0.5) * info.width) / stripes);
    if ((data[Math.floor(info.height / 2) * info.width * info.channels + x * info.channels] ?? 0) > 127)
      bits |= 1 << bit;
  }
  return bits;
}

const stripePainter: Painter = {
  kind: "preview",
  model: "preview-1",
  async paint({ pets, style, take, size }: PaintRequest) {
    const photo = await readStripes(pets[0]?.image ?? Buffer.alloc(0));
    const bits = bitsOf({ photo, style: style.id, revision: style.revision, take });
    const usage = { tokens: null, finishReason: "STOP", providerRequestId: null };
    return { image: await paintStripes(bits, size), usage };
  },
};

describe("R9: the picture at an address", () => {
  it("is the one that was painted for that photo, style, revision and take of that shop, and no other", async () => {
    const house = await openQuickHouse({
      environment: { QUOTA_BURST: "100000", QUOTA_CUSTOMER_PER_DAY: "100000", MOST_WAITING: "100000" },
      parts: { painters: [stripePainter] },
    });
    type Kept = { shop: number; shopper: TestShopper; id: string; url: string; bits: number };
    const kept: Kept[] = [];
    const shoppers: TestShopper[] = [];
    for (let shop = 0; shop < shops; shop++) {
      const shopper = await comeAsShopper(house.url, { shop: `shop-${shop}.myshopify.com`, customer: "7" });
      shoppers.push(shopper);
      for (const photo of [shop, shop + shops]) {
        const photoId = await shopper.give(await smallPhoto(photo));
        for (const shape of shapesOf(photo)) {
          revision.now = shape.revision;
          const { body } = await shopper.ask(photoId, { style: shape.style, take: shape.take });
          const portrait = await shopper.wait(body.portrait.id);
          expect(portrait.status).toBe("ready");
          const url = (portrait.image?.url ?? "").replace(/^http:\/\/[^/]+/, house.url);
          kept.push({ shop, shopper, id: portrait.id, url, bits: bitsOf(shape) });
        }
      }
    }
    expect(new Set(kept.map(({ url }) => url)).size).toBe(kept.length);

    const shown = new Map<string, number>();
    const lookAt = async (url: string): Promise<number> => {
      const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      const bits = shown.get(sha256) ?? (await readStripes(bytes));
      shown.set(sha256, bits);
      return bits;
    };
    const wrong: string[] = [];
    let read = 0;
    const reader = async (n: number): Promise<void> => {
      for (let at = n * 7919; read++ < reads; at += 104_729) {
        const { shop, shopper, id, url, bits } = kept[at % kept.length] as Kept;
        if (read % 3 === 0) {
          const { body } = await shopper.call<{ portrait: { image: { url: string } } }>("GET", `portraits/${id}`);
          if (body.portrait.image.url.split("/").pop() !== url.split("/").pop())
            wrong.push(`${id} has another address`);
        } else if (read % 10 === 0) {
          const stranger = shoppers[(shop + 1) % shops] as TestShopper;
          const { status } = await stranger.call("GET", `portraits/${id}`);
          if (status !== 404) wrong.push(`${id} is shown in another shop`);
        } else if ((await lookAt(url)) !== bits) wrong.push(`${id} shows another picture`);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, (_, n) => reader(n)));
    expect(wrong).toEqual([]);
    expect(house.said.filter(({ level }) => level === "error")).toEqual([]);
    await house.close();
    report(
      "R9",
      `${reads} reads of ${kept.length} portraits over ${shops} shops, ${styles.length} styles, ${revisions} revisions and ` +
        `${takes} takes: 0 wrong pictures`,
    );
  });
});
