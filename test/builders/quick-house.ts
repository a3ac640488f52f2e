import type { PrismaClient } from "@prisma/client";
import { openEmbeddedDatabase } from "./databases.ts";
import { openTestHouse, type TestHouse, type TestHouseOptions } from "./house.ts";
import { createQuickPainter, quickRemover, type PainterPlan, type QuickPainter } from "./painter.ts";

/** A house whose painter answers at once and keeps the bill. */
export type QuickHouse = TestHouse & {
  painter: QuickPainter;
  /** The records themselves, for what no door shows. */
  rows: PrismaClient;
};

export async function openQuickHouse(
  options: TestHouseOptions & { plan?: Partial<PainterPlan> } = {},
): Promise<QuickHouse> {
  const painter = createQuickPainter(options.plan);
  const database = await openEmbeddedDatabase();
  const parts = { painters: [painter], remover: quickRemover, database, ...options.parts };
  const house = await openTestHouse({ ...options, parts });
  return { ...house, painter, rows: parts.database.prisma };
}

/** Limits that a test about something else does not meet. */
export const roomy = { QUOTA_BURST: "1000", QUOTA_GUEST_PER_DAY: "1000", QUOTA_ADDRESS_PER_DAY: "10000" };

/** Waits until something is so; a test that waits for ever is ended by its own time limit. */
export async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await what())) await new Promise((resolve) => setTimeout(resolve, 20));
}
