import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PortraitJson } from "../../app/http/storefront-api.ts";
import { clipOf, splitAt } from "../../extensions/pet-processor/src/result/compare-split.ts";
import { earlierName, earlierPortraits } from "../../extensions/pet-processor/src/result/result-earlier.ts";
import { pictureFileName } from "../../extensions/pet-processor/src/result/result-file-name.ts";
import { printAreaOf, printIn } from "../../extensions/pet-processor/src/result/result-mockup.ts";
import { receiptSentence } from "../../extensions/pet-processor/src/result/result-receipt.ts";
import { resultWords } from "../../extensions/pet-processor/src/result/result-words.ts";
import { portrait } from "./portraits.ts";
import { words } from "./words.ts";

const say = (language: string) => resultWords(words(language), language);

describe("the line between photo and portrait", () => {
  const frame = { left: 100, width: 400 };

  it.each([
    ["at the left edge", 100, false, 0],
    ["in the middle", 300, false, 50],
    ["a quarter from the left", 200, false, 25],
    ["a quarter from the left, read from the right", 200, true, 75],
    ["left of the frame", 20, false, 0],
    ["left of the frame, read from the right", 20, true, 100],
    ["right of the frame", 900, false, 100],
  ])("lies %s", (_, clientX, isRtl, share) => {
    expect(splitAt(clientX, frame, isRtl)).toBe(share);
  });

  it("stays at the portrait where the frame has no width yet", () => {
    expect(splitAt(50, { left: 0, width: 0 }, false)).toBe(0);
  });

  it("clips from the end of the line of reading", () => {
    expect(clipOf({ photo: 30, isRtl: false })).toBe("inset(0 70% 0 0)");
    expect(clipOf({ photo: 30, isRtl: true })).toBe("inset(0 0 0 70%)");
  });
});

describe("the file's name", () => {
  it.each([
    ["Modern", "image/jpeg", "portrait-modern.jpg"],
    ["Pen & Marker", "image/png", "portrait-pen-marker.png"],
    ["墨絵", "image/webp", "portrait-墨絵.webp"],
    ["Crème brûlée", "image/avif", "portrait-crème-brûlée.avif"],
    ["../../etc/passwd", "image/jpeg", "portrait-etc-passwd.jpg"],
    ["", "", "portrait.jpg"],
    ["🐕", "image/jpeg", "portrait.jpg"],
  ])("of %j as %s is %s", (style, type, name) => {
    expect(pictureFileName(style, type)).toBe(name);
  });

  it("is one that every file system takes, whatever the style is called", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (style) => {
        const name = pictureFileName(style, "image/webp");
        expect(name).toMatch(/^portrait[\p{L}\p{M}\p{N}-]*\.webp$/u);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
      }),
    );
  });
});

describe("the place of the print", () => {
  const given = {
    printImage: "/product.jpg",
    printX: "30",
    printY: "22.5",
    printWidth: "40",
    printBlend: "true",
  };

  it("is read off the block's settings", () => {
    expect(printAreaOf(given)).toEqual({ image: "/product.jpg", x: 30, y: 22.5, width: 40, blend: true });
    expect(printAreaOf({ ...given, printX: "", printY: "", printBlend: "false" })).toMatchObject({
      x: 0,
      y: 0,
      blend: false,
    });
  });

  it.each([
    ["no picture", { printImage: "" }],
    ["no width", { printWidth: "" }],
    ["a width of nothing", { printWidth: "0" }],
    ["a width that is no number", { printWidth: "wide" }],
    ["a width beyond the picture", { printWidth: "101" }],
    ["a place beyond the picture", { printX: "100" }],
    ["a place before the picture", { printY: "-1" }],
  ])("is nowhere with %s", (_, changes) => {
    expect(printAreaOf({ ...given, ...changes })).toBeNull();
  });

  it("has its height from the portrait's shape", () => {
    const area = { image: "", x: 10, y: 20, width: 50, blend: false };
    const art = { url: "", width: 800, height: 1000, content_type: "" };
    expect(printIn(area, { width: 1000, height: 400 }, art)).toEqual({ x: 100, y: 80, width: 500, height: 625 });
  });
});

describe("the earlier portraits", () => {
  const at = (day: number, changes: Partial<PortraitJson> = {}) =>
    portrait({ id: `por_${day}`, created_at: new Date(Date.UTC(2026, 10, day)).toISOString(), ...changes });
  const ids = (portraits: PortraitJson[]) => portraits.map(({ id }) => id);

  it("are the ready ones, newest first, with the one on show", () => {
    const listed = [at(3), at(5), at(4, { status: "making", image: null }), at(2, { status: "pending", image: null })];
    expect(ids(earlierPortraits(listed, at(5)))).toEqual(["por_5", "por_3"]);
    expect(ids(earlierPortraits(listed, at(6)))).toEqual(["por_6", "por_5", "por_3"]);
    expect(ids(earlierPortraits(listed, null))).toEqual(["por_5", "por_3"]);
  });

  it("are none where there is no other to choose", () => {
    expect(earlierPortraits([], null)).toEqual([]);
    expect(earlierPortraits([], at(1))).toEqual([]);
    expect(earlierPortraits([at(1)], at(1))).toEqual([]);
    expect(ids(earlierPortraits([at(1)], null))).toEqual(["por_1"]);
  });

  it("are twenty at most", () => {
    const listed = Array.from({ length: 28 }, (_, day) => at(day + 1));
    expect(ids(earlierPortraits(listed, null))).toEqual(ids([...listed].reverse().slice(0, 20)));
  });

  it.each([
    ["en", 1, "Modern, 24 November"],
    ["en", 2, "Modern 2, 24 November"],
    ["de", 1, "Modern, 24. November"],
    ["es", 1, "Modern, 24 de noviembre"],
    ["fr", 1, "Modern, 24 novembre"],
    ["ja", 2, "Modern2、11月24日"],
  ])("are called in %s, take %i, %j", (language, take, name) => {
    const own = portrait({ take, created_at: "2026-11-24T12:00:00.000Z" });
    // English for the world: a bare "en" is American and says the month first.
    const tongue = resultWords(words(language), language === "en" ? "en-GB" : language);
    expect(earlierName(own, { ink_wash: "Modern" }, tongue)).toBe(name);
  });

  it("are called by the style's id where the shop no longer has the style", () => {
    expect(earlierName(portrait(), {}, say("en"))).toContain("ink_wash");
  });
});

describe("what was deleted", () => {
  const receipt = (photos: number, portraits: number) => ({ photos, portraits, objects: 9, at: "", id: "" });

  it.each([
    ["en", 2, 3, "2 photos and 3 portraits deleted."],
    ["en", 1, 1, "1 photo and 1 portrait deleted."],
    ["en", 1, 0, "1 photo and 0 portraits deleted."],
    ["en", 0, 0, "There was nothing left to delete."],
    ["de", 1, 2, "1 Foto und 2 Porträts gelöscht."],
    ["es", 1, 2, "Se han borrado 1 foto y 2 retratos."],
    ["fr", 2, 0, "Nous avons supprimé 2 photos et 0 portrait."],
    ["ja", 1, 12, "写真1枚と肖像画12枚を削除しました。"],
  ])("is said in %s: %i photos, %i portraits", (language, photos, portraits, sentence) => {
    expect(receiptSentence(receipt(photos, portraits), say(language))).toBe(sentence);
  });
});
