import type { PrismaClient } from "@prisma/client";
import type { PortraitError, PortraitRecord, PortraitRecords } from "#app/portraits/portrait-records.ts";
import { fromRow } from "./portrait-row.ts";

/**
 * The moves of a portrait, each one conditional statement on a row that is still active: of a cancel and a finish that
 * meet, the database lets one through.
 */
type Moves = Pick<
  PortraitRecords,
  "waitingFor" | "setReserved" | "setStage" | "finish" | "fail" | "failOne" | "cancel" | "hide"
>;

export const activeStatuses = { in: ["queued", "making"] };

export function portraitMoves(prisma: PrismaClient): Moves {
  const move = async (id: string, data: Parameters<typeof prisma.portrait.updateMany>[0]["data"]): Promise<boolean> =>
    (await prisma.portrait.updateMany({ where: { id, status: activeStatuses }, data })).count === 1;

  const waitingFor: Moves["waitingFor"] = async (shop, key) => {
    const where = { shop, key, status: activeStatuses };
    const rows = await prisma.portrait.findMany({ where, orderBy: [{ createdAt: "asc" }, { id: "asc" }] });
    return rows.map(fromRow);
  };

  return {
    waitingFor,
    async setReserved(id, reserved) {
      await prisma.portrait.update({ where: { id }, data: { reserved } });
    },
    async setStage(shop, key, stage, nowMs) {
      const waiting = { shop, key, status: activeStatuses };
      await prisma.portrait.updateMany({ where: { ...waiting, startedAt: null }, data: { startedAt: new Date(nowMs) } });
      await prisma.portrait.updateMany({ where: waiting, data: { status: "making", stage } });
    },
    async finish(shop, key, { objectName, width, height, contentType, backgroundKept }, { nowMs, imageToken }) {
      const picture = { objectName, width, height, contentType, backgroundKept };
      const ready: string[] = [];
      for (const { id } of await waitingFor(shop, key)) {
        const data = { ...ended("ready", nowMs), ...picture, imageToken: imageToken() };
        if (await move(id, data)) ready.push(id);
      }
      return ready;
    },
    async fail(shop, key, error, nowMs) {
      const failed: PortraitRecord[] = [];
      for (const portrait of await waitingFor(shop, key)) {
        if (!(await move(portrait.id, failure(error, nowMs)))) continue;
        failed.push({ ...portrait, status: "failed", stage: null, error });
      }
      return failed;
    },
    async failOne(id, error, { nowMs, hidden }) {
      await move(id, { ...failure(error, nowMs), hiddenAt: hidden ? new Date(nowMs) : null });
    },
    async cancel(id, nowMs) {
      if (!(await move(id, { ...ended("cancelled", nowMs), hiddenAt: new Date(nowMs) }))) return undefined;
      return fromRow(await prisma.portrait.findUniqueOrThrow({ where: { id } }));
    },
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
