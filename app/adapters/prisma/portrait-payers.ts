import { Prisma, type PrismaClient } from "@prisma/client";
import type { PortraitRecord, PortraitRecords } from "#app/portraits/portrait-records.ts";
import { fromRow } from "./portrait-row.ts";

/**
 * Who pays for a picture: the one row of a shop whose `paysFor` is its name, by a unique index. It is written in one
 * statement; of two that meet, the index lets one through and the other reads who that was.
 */
export function portraitPayers(prisma: PrismaClient): Pick<PortraitRecords, "decidePayer" | "letPayerOff"> {
  const read = async (id: string): Promise<PortraitRecord | undefined> => {
    const row = await prisma.portrait.findUnique({ where: { id } });
    return row === null ? undefined : fromRow(row);
  };

  const decidePayer: PortraitRecords["decidePayer"] = async (portrait, objectName) => {
    const { id, shop } = portrait;
    if (await claimed(prisma, portrait, objectName)) return portrait;
    const [payer] = await prisma.$queryRaw<{ id: string; paysFor: string | null }[]>`
      SELECT id, "paysFor" FROM "Portrait"
      WHERE (shop = ${shop} AND "paysFor" = ${objectName}) OR (id = ${id} AND status <> 'failed')
      ORDER BY "paysFor" = ${objectName} DESC NULLS LAST LIMIT 1`;
    if (payer === undefined) return undefined;
    // Who was in the way was let off between the two statements; then the way is free.
    return payer.paysFor === null ? decidePayer(portrait, objectName) : read(payer.id);
  };

  return {
    decidePayer,
    async letPayerOff(id, objectName) {
      await prisma.$executeRaw`UPDATE "Portrait" SET "paysFor" = NULL WHERE id = ${id} AND "paysFor" = ${objectName}`;
    },
  };
}

/** @returns false where somebody else was first, or where this portrait pays for a picture already, has failed or is there no more */
async function claimed(prisma: PrismaClient, { id, shop }: PortraitRecord, objectName: string): Promise<boolean> {
  try {
    const count = await prisma.$executeRaw`
      UPDATE "Portrait" SET "paysFor" = ${objectName}
      WHERE id = ${id} AND shop = ${shop} AND "paysFor" IS NULL AND status <> 'failed'`;
    return count === 1;
  } catch (error) {
    if (isSecondOne(error)) return false;
    throw error;
  }
}

/** What Prisma makes of it for a statement that it did not write itself. */
const isSecondOne = (error: unknown): boolean =>
  error instanceof Prisma.PrismaClientKnownRequestError &&
  (error.meta?.driverAdapterError as { cause?: { kind?: string } } | undefined)?.cause?.kind ===
    "UniqueConstraintViolation";
