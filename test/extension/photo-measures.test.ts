import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { flawsOf, measuredSide, type Pixels } from "../../extensions/pet-processor/src/photo/photo-measures.ts";
import { catPhoto, dogPhoto } from "./harness/browser.ts";

type Change = (photo: Buffer) => Promise<Buffer>;

const side = 1024;
const plenty = 3000;

async function copyOf(photo: Buffer): Promise<Pixels> {
  const { data, info } = await sharp(photo)
    .resize(measuredSide, measuredSide, { fit: "inside", withoutEnlargement: true })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data: Uint8ClampedArray.from(data), width: info.width, height: info.height };
}

const photograph = (path: string) => sharp(path).resize(side, side, { fit: "inside" }).png().toBuffer();
const blurredBy =
  (sigma: number): Change =>
  (photo) =>
    sharp(photo).blur(sigma).jpeg({ quality: 85 }).toBuffer();

/** As if the shutter had been open for half as long, so many times; in light, not in levels. */
const darkenedBy =
  (stops: number): Change =>
  async (photo) => {
    const { data, info } = await sharp(photo).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const levels = Uint8Array.from({ length: 256 }, (_, level) => encoded(light(level) / 2 ** stops));
    return sharp(
      data.map((level) => levels[level] ?? 0),
      { raw: info },
    )
      .png()
      .toBuffer();
  };
const light = (level: number) => (level <= 10 ? level / 255 / 12.92 : ((level / 255 + 0.055) / 1.055) ** 2.4);
const encoded = (part: number) => 255 * (part <= 0.0031308 ? part * 12.92 : 1.055 * part ** (1 / 2.4) - 0.055);

/** Only a disc in the middle stays as it was: a face in front of what the lens has blurred, or of the night. */
const around =
  (change: Change, radius: number): Change =>
  async (photo) => {
    const { width, height } = await sharp(photo).metadata();
    const disc = `<svg width="${width}" height="${height}"><circle cx="50%" cy="50%" r="${radius}"/></svg>`;
    const face = await sharp(photo)
      .ensureAlpha()
      .composite([{ input: Buffer.from(disc), blend: "dest-in" }])
      .png()
      .toBuffer();
    return sharp(await change(photo))
      .composite([{ input: face }])
      .png()
      .toBuffer();
  };

const changes: [string, Change, string[]][] = [
  ["as it is", async (photo) => photo, []],
  ["saved as a bad JPEG", (photo) => sharp(photo).jpeg({ quality: 25 }).toBuffer(), []],
  ["a little soft", blurredBy(1.5), []],
  ["with little contrast", (photo) => sharp(photo).linear(0.4, 120).png().toBuffer(), []],
  ["in black and white", (photo) => sharp(photo).greyscale().toColourspace("srgb").png().toBuffer(), []],
  ["out of focus", blurredBy(10), ["blurred"]],
  ["far out of focus", blurredBy(16), ["blurred"]],
  [
    "a thumbnail made large",
    (photo) =>
      sharp(photo)
        .resize(56)
        .toBuffer()
        .then((small) => sharp(small).resize(side).png().toBuffer()),
    ["blurred"],
  ],
  ["sharp before a blurred background", around(blurredBy(9), 110), []],
  ["one stop too dark", darkenedBy(1), []],
  ["two stops too dark", darkenedBy(2), []],
  ["four stops too dark", darkenedBy(4), ["dark"]],
  ["lit, before a black background", around(darkenedBy(9), 180), []],
];

describe.each([
  ["the dog", dogPhoto],
  ["the cat", catPhoto],
])("a photo of %s", (_, path) => {
  it.each(changes)("%s has its flaws named", async (_, change, flaws) => {
    expect(flawsOf(await copyOf(await change(await photograph(path))), plenty)).toEqual(flaws);
  });
});

it("a black dog's coat in daylight is not a dark photo", async () => {
  const coat = await sharp(dogPhoto).extract({ left: 480, top: 230, width: 220, height: 220 }).png().toBuffer();
  expect(flawsOf(await copyOf(coat), plenty)).toEqual([]);
});

const picture = (width: number, height: number, level: (at: number) => number): Pixels => {
  const data = new Uint8ClampedArray(width * height * 4).map((_, at) => (at % 4 === 3 ? 255 : level(at >> 2)));
  return { data, width, height };
};

describe("the measures", () => {
  it.each([
    [639, ["small"]],
    [640, []],
  ])("call a photo small under 640 pixels: %i", (shortest, flaws) => {
    expect(
      flawsOf(
        picture(64, 64, (at) => (at % 2) * 255),
        shortest,
      ),
    ).toEqual(flaws);
  });

  it("call one even colour dark or nothing, and never blurred: there is nothing to judge by", () => {
    fc.assert(
      fc.property(fc.nat(255), fc.integer({ min: 1, max: 200 }), (level, width) => {
        const flaws = flawsOf(
          picture(width, 200, () => level),
          plenty,
        );
        expect(flaws).toEqual(level < 85 ? ["dark"] : []);
      }),
      { numRuns: 50 },
    );
  });

  it("take noise for sharpness, so that a grainy photo is let pass", () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.integer({ min: 100, max: 255 })), (stream) => {
        const levels = [...stream.take(150 * 150)];
        const flaws = flawsOf(
          picture(150, 150, (at) => levels[at] ?? 0),
          plenty,
        );
        expect(flaws).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  it("judge a photo, its negative and its mirror image alike", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.nat(1000), (period, shift) => {
        const wave = (at: number) =>
          150 + 60 * Math.sin(((at % 202) * 6.2832) / period + shift) * Math.cos(at / 202 / 3);
        const judged = (level: (at: number) => number) => flawsOf(picture(202, 202, level), plenty);
        const flaws = judged(wave);
        expect(judged((at) => 300 - wave(at))).toEqual(flaws);
        expect(judged((at) => wave(at - (at % 202) + 201 - (at % 202)))).toEqual(flaws);
      }),
      { numRuns: 15 },
    );
  });
});
