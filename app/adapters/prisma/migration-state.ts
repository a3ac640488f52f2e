import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Pool } from "pg";

/** How a database stands to the migrations of this version of the app. */
export type MigrationState = {
  /** In the folder and not in the database. */
  missing: string[];
  /** In both, with another text. */
  changed: string[];
  /** In the database only: a newer version of the app has been here. */
  unknown: string[];
};

/**
 * Looks without applying anything; see `applyMigrations`.
 *
 * @throws the driver's error when the database cannot be reached
 */
export async function readMigrationState(pool: Pool, folder: string): Promise<MigrationState> {
  const inFolder = new Map(migrationsIn(folder));
  const inDatabase = new Map(await appliedIn(pool));
  const names = [...inFolder.keys()];
  return {
    missing: names.filter((name) => !inDatabase.has(name)),
    changed: names.filter((name) => inDatabase.has(name) && inDatabase.get(name) !== inFolder.get(name)),
    unknown: [...inDatabase.keys()].filter((name) => !inFolder.has(name)),
  };
}

function migrationsIn(folder: string): [name: string, checksum: string][] {
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, "migration.sql")))
    .map((name) => [
      name,
      createHash("sha256")
        .update(readFileSync(join(folder, name, "migration.sql"), "utf8"))
        .digest("hex"),
    ]);
}

async function appliedIn(pool: Pool): Promise<[name: string, checksum: string][]> {
  const { rows: tables } = await pool.query<{ there: boolean }>(
    `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS there`,
  );
  if (tables[0]?.there !== true) return [];
  const { rows } = await pool.query<{ migration_name: string; checksum: string }>(
    `SELECT migration_name, checksum FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
  );
  return rows.map((row) => [row.migration_name, row.checksum]);
}
