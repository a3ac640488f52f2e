import { afterAll, beforeAll, expect, it } from "vitest";
import { applyMigrations } from "#app/adapters/prisma/migrations.ts";
import type { Database } from "#app/adapters/prisma/open-database.ts";
import { createPrismaBudgetStore } from "#app/adapters/prisma/prisma-budget-store.ts";
import { describeOnEachDatabase, migrationsFolder } from "#test/builders/databases.ts";

const migration = "20261124150000_budgets_of_days";

describeOnEachDatabase("a budget that was settled entry by entry", (open) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
    // As it was before the migration.
    await database.pool.query(`DROP TABLE "BudgetDay"`);
    await database.pool.query(`DROP INDEX "BudgetEntry_state_leaseExpiresAt_idx"`);
    await database.pool.query(`DELETE FROM _prisma_migrations WHERE migration_name = '${migration}'`);
    const columns = `shop, day, "requestId", state, "reservedMicroUsd", "settledMicroUsd", "leaseExpiresAt"`;
    await database.pool.query(`INSERT INTO "BudgetEntry" (${columns}) VALUES
      ('a', '2026-03-28', 'att_1', 'settled', 40000, 30000, '1970-01-01'),
      ('a', '2026-03-29', 'att_2', 'settled', 40000, 20000, '1970-01-01'),
      ('a', '2026-03-29', 'att_3', 'settled', 40000, 5000, '1970-01-01'),
      ('a', '2026-03-29', 'por_1', 'held', 40000, 0, '2026-03-29T12:01:30Z'),
      ('b', '2026-03-29', 'att_4', 'settled', 40000, 700, '1970-01-01')`);
  });
  afterAll(() => database.close());

  it("has the totals of its days after the migration, and is not swept before they are over", async () => {
    expect(await applyMigrations(database.pool, migrationsFolder)).toEqual([migration]);
    const store = createPrismaBudgetStore(database.prisma);
    const sums = await store.committed("a", "2026-03-29", Date.parse("2026-03-29T12:00:00Z"));
    expect(sums).toEqual({ shopDay: 65_000, shopMonth: 95_000, installationDay: 65_700, installationMonth: 95_700 });
    const early = { leaseExpiresAt: { lt: new Date("2026-03-29") } };
    expect(await database.prisma.budgetEntry.count({ where: early })).toBe(0);
  });
});
