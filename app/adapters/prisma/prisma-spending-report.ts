import type { PrismaClient } from "@prisma/client";
import { microUsd } from "#app/kernel/money.ts";
import type { SpendingReport } from "#app/ledger/spending-report.ts";
import { wholeInstallation } from "./prisma-budget-store.ts";

/** Read from the days' running totals; nothing is added up. */
export function createPrismaSpendingReport(prisma: PrismaClient): SpendingReport {
  return Object.freeze({
    async since(shop, from) {
      const name = shop ?? wholeInstallation;
      const spent = { shop: name, settledMicroUsd: { gt: 0 } };
      const [rows, first] = await Promise.all([
        prisma.budgetDay.findMany({ where: { ...spent, day: { gte: from } }, orderBy: { day: "asc" } }),
        prisma.budgetDay.findFirst({ where: spent, orderBy: { day: "asc" }, select: { day: true } }),
      ]);
      const days = rows.map(({ day, settledMicroUsd }) => ({ day, microUsd: microUsd(Number(settledMicroUsd)) }));
      return { days, firstDay: first?.day ?? null };
    },

    async shopsOn(day) {
      const rows = await prisma.budgetDay.findMany({
        where: { day, shop: { not: wholeInstallation }, settledMicroUsd: { gt: 0 } },
        orderBy: { shop: "asc" },
        select: { shop: true },
      });
      return rows.map(({ shop }) => shop);
    },

    async isFirstToTell(shop, day, what) {
      const changed = await prisma.$executeRaw`
        INSERT INTO "BudgetDay" (shop, day, "settledMicroUsd", told)
        VALUES (${shop ?? wholeInstallation}, ${day}, 0, ARRAY[${what}])
        ON CONFLICT (shop, day) DO UPDATE SET told = array_append("BudgetDay".told, ${what})
        WHERE NOT ${what} = ANY("BudgetDay".told)`;
      return changed === 1;
    },
  } satisfies SpendingReport);
}
