import { Prisma, type PrismaClient } from "@prisma/client";
import type { PortraitRecord, PortraitRecords } from "#app/portraits/portrait-records.ts";
import { fromRow, pendingKey, toRow } from "./portrait-row.ts";

/**
 * How portraits are written down. What a shopper has once at a time is found by the unique index that its second one runs
 * into: no look before, which would be late when two come at once.
 */
type Inserts = Pick<PortraitRecords, "insertActive" | "insertPending" | "insertSettled">;

export function portraitInserts(prisma: PrismaClient): Inserts {
  const insertSettled: Inserts["insertSettled"] = async (portrait) => {
    await prisma.portrait.create({ data: toRow(portrait) });
  };
  /** @returns false where the owner has one under this `activeKey` */
  const inserted = (portrait: PortraitRecord): Promise<boolean> =>
    insertSettled(portrait).then(
      () => true,
      (error: unknown) => {
        if (isTaken(error)) return false;
        throw error;
      },
    );
  const holder = async ({ shop, shopper }: PortraitRecord, activeKey: string): Promise<PortraitRecord | undefined> => {
    const row = await prisma.portrait.findFirst({ where: { shop, shopper, activeKey } });
    return row === null ? undefined : fromRow(row);
  };

  const insertActive: Inserts["insertActive"] = async (portrait) => {
    if (await inserted(portrait)) return { portrait, inserted: true };
    const other = await holder(portrait, portrait.key);
    // It may have ended between the two statements; then the way is free.
    return other === undefined ? insertActive(portrait) : { portrait: other, inserted: false };
  };

  const insertPending: Inserts["insertPending"] = async (portrait) => {
    if (await inserted(portrait)) return portrait;
    const { shop, shopper, key, expiresAtMs } = portrait;
    const where = { shop, shopper, activeKey: pendingKey(key) };
    const expiresAt = new Date(expiresAtMs);
    await prisma.portrait.updateMany({ where: { ...where, expiresAt: { lt: expiresAt } }, data: { expiresAt } });
    return (await holder(portrait, pendingKey(key))) ?? insertPending(portrait);
  };

  return { insertActive, insertPending, insertSettled };
}

const isTaken = (error: unknown): boolean =>
  error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";
