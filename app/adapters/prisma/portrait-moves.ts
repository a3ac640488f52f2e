import type { Prisma, PrismaClient } from "@prisma/client";
import {
  pictureOf,
  type PortraitError,
  type PortraitRecord,
  type PortraitRecords,
} from "#app/portraits/portrait-records.ts";
import { fromRow } from "./portrait-row.ts";

/**
 * The moves of a portrait, each one conditional statement on a row that is still active: of a cancel and a finish that
 * meet, the database lets one through.
 */
type Moves = Pick<PortraitRecords, "waitingFor" | "setStage" | "finish" | "fail" | "failOne" | "cancel" | "hide">;

export const activeStatuses = { in: ["queued", "making"] };

type Move = (
  id: string,
  data: Prisma.PortraitUpdateManyMutationInput,
  where?: Prisma.PortraitWhereInput,
) => Promise<PortraitRecord | undefined>;

const moveOn =
  (prisma: PrismaClient): Move =>
  async (id, data, where = {}) => {
    const { count } = await prisma.portrait.updateMany({ where: { ...where, id, status: activeStatuses }, data });
    // A shopper who is forgotten at this moment leaves nothing to return.
    const row = count === 0 ? null : await prisma.portrait.findUnique({ where: { id } });
    return row === null ? undefined : fromRow(row);
  };

/** What is bought and may still come out well is promised again. */
async function endBadly(
  move: Move,
  { id, error, nowMs, isHidden }: { id: string; error: PortraitError; nowMs: number; isHidden: boolean },
): Promise<PortraitRecord | undefined> {
  const data = { ...failure(error, nowMs), ...(isHidden ? { hiddenAt: new Date(nowMs) } : {}) };
  const isBought = { paysFor: null, orderedAt: { not: null } };
  const promised = error.retryable ? await move(id, { ...data, status: "pending" }, isBought) : undefined;
  return promised ?? move(id, data, { paysFor: null });
}

export function portraitMoves(prisma: PrismaClient): Moves {
  const move = moveOn(prisma);
  const waitingFor: Moves["waitingFor"] = (shop, key) => waitingRows(prisma, { shop, key });
  /** One after the other, who asked first comes first. */
  const moveAll = async (
    { shop, key, only }: { shop: string; key: string; only?: readonly string[] | undefined },
    moveOne: (id: string) => Promise<PortraitRecord | undefined>,
  ): Promise<PortraitRecord[]> => {
    const moved: PortraitRecord[] = [];
    for (const { id } of await waitingFor(shop, key)) {
      const portrait = only?.includes(id) === false ? undefined : await moveOne(id);
      if (portrait !== undefined) moved.push(portrait);
    }
    return moved;
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
    finish: (shop, key, entry, { nowMs, imageToken, only }) =>
      moveAll({ shop, key, only }, (id) =>
        move(id, { ...ended("ready", nowMs), ...pictureOf(entry), imageToken: imageToken() }),
      ),
    fail: (shop, key, error, nowMs) =>
      moveAll({ shop, key }, (id) => endBadly(move, { id, error, nowMs, isHidden: false })),
    failOne: (id, error, { nowMs, hidden: isHidden }) => endBadly(move, { id, error, nowMs, isHidden }),
    cancel: (id, nowMs) => move(id, { ...ended("cancelled", nowMs), hiddenAt: new Date(nowMs) }, { orderedAt: null }),
    async hide(id, nowMs) {
      await prisma.portrait.updateMany({ where: { id, status: "pending", orderedAt: null }, data: takenBack });
      await prisma.portrait.updateMany({ where: { id, hiddenAt: null }, data: { hiddenAt: new Date(nowMs) } });
    },
  };
}

async function waitingRows(prisma: PrismaClient, of: { shop: string; key: string }): Promise<PortraitRecord[]> {
  const where = { ...of, status: activeStatuses };
  const rows = await prisma.portrait.findMany({ where, orderBy: [{ createdAt: "asc" }, { id: "asc" }] });
  return rows.map(fromRow);
}

const ended = (status: "ready" | "failed" | "cancelled", nowMs: number) => ({
  status,
  stage: null,
  activeKey: null,
  finishedAt: new Date(nowMs),
});

const takenBack = { status: "cancelled", activeKey: null };

const failure = ({ code, message, retryable }: PortraitError, nowMs: number) => ({
  ...ended("failed", nowMs),
  errorCode: code,
  errorMessage: message,
  errorRetryable: retryable,
});
