import { describe, expect, it } from "vitest";
import { AppError } from "#app/kernel/errors.ts";
import { quietLog } from "#test/builders/quiet-log.ts";
import { stoppedClock } from "#test/builders/stopped-clock.ts";
import { keepOrdered, type KeepOrderedParts } from "./keep-ordered.ts";
import type { UnkeptLine } from "./order-records.ts";

const photo = (name: string) => ({ photoId: name, objectName: `photos/${name}`, sha256: "s", crop: null });
const line = (lineId: string, objectName: string | null): UnkeptLine => ({
  ...{ shop: "a.shop", orderId: "5001", lineId },
  portrait: { photos: [photo(`a-${lineId}`), photo(`b-${lineId}`)], objectName, expiresAtMs: 99 },
});
const silent = () => new AppError({ code: "busy", kind: "unavailable", publicMessage: "Later." });

/** Everything that is told, in its order. */
function open(lines: UnkeptLine[], { fails, how = silent }: { fails?: string; how?: () => Error } = {}) {
  const told: string[] = [];
  const tell = (what: string) => {
    if (what === fails) throw how();
    told.push(what);
  };
  const parts: KeepOrderedParts = {
    orders: { unkept: async () => lines, kept: async ({ lineId }) => tell(`line ${lineId}`) },
    photos: { keepUntil: async (id, atMs) => tell(`record of ${id} until ${atMs}`) },
    photoBytes: { keepUntil: async (name, atMs) => (tell(`${name} until ${atMs}`), true) },
    gallery: { keepUntil: async (name, atMs) => tell(`${name} until ${atMs}`) },
    clock: stoppedClock(0),
    log: quietLog().log,
  };
  return { parts, told };
}

describe("keeping what is ordered", () => {
  it("tells storage of the photos and the picture before the records, and then ticks the line off", async () => {
    const { parts, told } = open([line("1", "portraits/x"), line("2", null)]);
    await keepOrdered(parts);
    const photosOf = (n: string) =>
      ["a", "b"].flatMap((name) => [`photos/${name}-${n} until 99`, `record of ${name}-${n} until 99`]);
    expect(told).toEqual([...photosOf("1"), "portraits/x until 99", "line 1", ...photosOf("2"), "line 2"]);
  });

  it("leaves a line for the next turn where storage does not answer", async () => {
    const { parts, told } = open([line("1", "portraits/x"), line("2", null)], { fails: "portraits/x until 99" });
    await expect(keepOrdered(parts)).rejects.toThrow(AppError);
    expect(told.filter((what) => what.startsWith("line"))).toEqual([]);
  });

  it("goes on to the next line where one picture cannot be kept", async () => {
    const how = () => new Error("storage refuses this name");
    const { parts, told } = open([line("1", "portraits/x"), line("2", null)], { fails: "portraits/x until 99", how });
    await keepOrdered(parts);
    expect(told.filter((what) => what.startsWith("line"))).toEqual(["line 2"]);
  });
});
