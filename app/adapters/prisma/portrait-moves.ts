import type { GalleryEntry } from "#app/gallery/gallery.ts";
import type { Prisma, PrismaClient } from "@prisma/client";
import type { PortraitError, PortraitRecord, PortraitRecords } from "#app/portraits/portrait-records.ts";
import { fromRow } from "./portrait-row.ts";

/**
 * The moves of a portrait, each one conditional statement on a row that is still active: of a cancel and a finish that
 * meet, the database lets one through.
 */
type Moves = Pick<PortraitRecords, "waitingFor" | "setStage" | "finish" | "fail" | "failOne" | "cancel" | "hide">;

export const activeStatuses = { in: ["queued", "making"] };

export function portraitMoves(prisma: PrismaClient): Moves {
  const move = async (
    id: string,
    data: Prisma.PortraitUpdateManyMutationInput,
  ): Promise<PortraitRecord | undefined> => {
    const { count } = await prisma.portrait.updateMany({ where: { id, status: activeStatuses }, data });
    // A shopper who is forgotten at this moment leaves nothing to return.
    const row = count === 0 ? null : await prisma.portrait.findUnique({ where: { id } });
    return row === null ? undefined : fromRow(row);
  };

  const waitingFor: Moves["waitingFor"] = async (shop, key) => {
    const where = { shop, key, status: activeStatuses };
    const rows = await prisma.portrait.findMany({ where, orderBy: [{ createdAt: "asc" }, { id: "asc" }] });
    return rows.map(fromRow);
  };

  return {
    waitingFor,
    async setStage(shop, key, stage, nowMs) {
      const waiting = { shop, key, status: activeStatuses };
      await prisma.portrait.updateMany({
        where: { ...waiting, startedAt: null },
        data: { startedAt: new Date(nowMs) },
      });
      await prisma.portrait.updateMany({ where: waiting, data: { status: "making", stage } });
    },
    async finish(shop, key, entry, { nowMs, imageToken }) {
      const picture = pictureOf(entry);
      const ready: PortraitRecord[] = [];
      for (const { id } of await waitingFor(shop, key)) {
        const portrait = await move(id, { ...ended("ready", nowMs), ...picture, imageToken: imageToken() });
        if (portrait !== undefined) ready.push(portrait);
      }
      return ready;
    },
    async fail(shop, key, error, nowMs) {
      const failed: PortraitRecord[] = [];
      for (const { id } of await waitingFor(shop, key)) {
        const portrait = await move(id, failure(error, nowMs));
        if (portrait !== undefined) failed.push(portrait);
      }
      return failed;
    },
    failOne: (id, error, { nowMs, hidden }) =>
      move(id, { ...failure(error, nowMs), hiddenAt: hidden ? new Date(nowMs) : null }),
    cancel: (id, nowMs) => move(id, { ...ended("cancelled", nowMs), hiddenAt: new Date(nowMs) }),
    async hide(id, nowMs) {
      await prisma.portrait.updateMany({ where: { id, status: "pending" }, data: { status: "cancelled" } });
      await prisma.portrait.updateMany({ where: { id, hiddenAt: null }, data: { hiddenAt: new Date(nowMs) } });
    },
  };
}

const ended = (status: "ready" | "failed" | "cancelled", nowMs: number) => ({
  status,
  stage: null,
  activeKey: null,
  finishedAt: new Date(nowMs),
});

const failure = ({ code, message, retryable }: PortraitError, nowMs: number) => ({
  ...ended("failed", nowMs),
  errorCode: code,
  errorMessage: message,
  errorRetryable: retryable,
});

const pictureOf = ({ objectName, width, height, contentType, backgroundKept, cutoutBy }: GalleryEntry) => ({
  objectName,
  width,
  height,
  contentType,
  backgroundKept,
  cutoutBy,
});
