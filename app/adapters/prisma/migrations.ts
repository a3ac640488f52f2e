import { createHash, randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Pool, PoolClient } from "pg";

/**
 * Applies prisma/migrations at start, in process: `prisma migrate deploy` never exits on an embedded database and would
 * be a second process on its folder. The bookkeeping is Prisma's own table, so its command line agrees on what was done.
 * Instances that start together wait for each other.
 */
export async function applyMigrations(pool: Pool, folder: string): Promise<string[]> {
  const client = await pool.connect();
  try {
    return await inLockedTransaction(client, () => applyMissing(client, folder));
  } finally {
    client.release();
  }
}

const lockId = 7_238_415_001;

async function inLockedTransaction<T>(client: PoolClient, work: () => Promise<T>): Promise<T> {
  await client.query("BEGIN");
  try {
    // Another instance may be at it, for longer than a request waits for a lock.
    await client.query("SET LOCAL lock_timeout = 0");
    await client.query(`SELECT pg_advisory_xact_lock(${lockId})`);
    const result = await work();
    await client.query("COMMIT");
    return result;
  } catch (error) {
    // Where the connection is gone there is nothing to take back, and what went wrong is what is to be told.
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

async function applyMissing(client: PoolClient, folder: string): Promise<string[]> {
  await client.query(bookkeepingTable);
  const done = await client.query<{ migration_name: string; checksum: string }>(
    `SELECT migration_name, checksum FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
  );
  const checksums = new Map(done.rows.map((row) => [row.migration_name, row.checksum]));
  const applied: string[] = [];
  for (const name of migrationNames(folder)) {
    const sql = readFileSync(join(folder, name, "migration.sql"), "utf8");
    const checksum = createHash("sha256").update(sql).digest("hex");
    const before = checksums.get(name);
    if (before !== undefined && before !== checksum)
      throw new Error(`Migration ${name} was changed after it had been applied.`);
    if (before !== undefined) continue;
    await client.query(sql);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count) VALUES ($1, $2, now(), $3, 1)`,
      [randomUUID(), checksum, name],
    );
    applied.push(name);
  }
  return applied;
}

function migrationNames(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, "migration.sql")))
    .sort();
}

const bookkeepingTable = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL,
  logs TEXT,
  rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;
