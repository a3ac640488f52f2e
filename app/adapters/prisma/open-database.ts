import { join } from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "@prisma/client";
import pg from "pg";
import { lockDataFolder } from "./data-folder-lock.ts";
import { applyMigrations } from "./migrations.ts";
import { PoolOfOne } from "./pool-of-one.ts";

/**
 * Opens the records: a PostgreSQL server where there is an address, else PGlite in a folder of its own. Both are migrated
 * before anybody sees them.
 */
export type Database = {
  prisma: PrismaClient;
  pool: pg.Pool;
  /** True where this process is the only one that can be working on it. */
  embedded: boolean;
  close(): Promise<void>;
};

export type DatabasePlace = {
  databaseUrl: string | null;
  dataDir: string;
  migrationsFolder: string;
  connections?: number;
};

export async function openDatabase(place: DatabasePlace): Promise<Database> {
  const { pool, unlock } =
    place.databaseUrl === null
      ? await openEmbedded(join(place.dataDir, "database"))
      : { pool: openServer(place.databaseUrl, place.connections ?? 10), unlock: async () => undefined };
  try {
    await applyMigrations(pool, place.migrationsFolder);
  } catch (error) {
    await pool.end().catch(() => undefined);
    await unlock();
    throw error;
  }
  return databaseOn(pool, { embedded: place.databaseUrl === null, unlock });
}

/** A database on a pool that is open and migrated already; tests make theirs from a template. */
export function databaseOn(pool: pg.Pool, options: { embedded: boolean; unlock: () => Promise<void> }): Database {
  // One connection serves everybody on the embedded database, so a transaction may have to wait for a crowd.
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool),
    transactionOptions: { maxWait: 20_000, timeout: 15_000 },
    errorFormat: "minimal",
  });
  const close = async () => {
    await prisma.$disconnect();
    if (!pool.ended) await pool.end();
    await options.unlock();
  };
  return Object.freeze({ prisma, pool, embedded: options.embedded, close });
}

async function openEmbedded(folder: string): Promise<{ pool: pg.Pool; unlock: () => Promise<void> }> {
  const unlock = await lockDataFolder(folder);
  try {
    const { PGlite } = await import("@electric-sql/pglite");
    return { pool: new PoolOfOne(await PGlite.create(folder)), unlock };
  } catch (error) {
    await unlock();
    throw error;
  }
}

export function openServer(connectionString: string, connections: number): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: connections, connectionTimeoutMillis: 10_000 });
  // An idle connection that dies is replaced at the next query; unheard, the event would end the process.
  pool.on("error", () => undefined);
  pool.on("connect", giveBackWhenCommitFails);
  return pool;
}

/** adapter-pg 6.19 does not release a connection whose COMMIT failed: ten such failures would stop the house. */
function giveBackWhenCommitFails(client: pg.PoolClient): void {
  const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown> | undefined;
  client.query = ((...args: unknown[]) => {
    const answer = query(...args);
    const text = typeof args[0] === "string" ? args[0] : (args[0] as { text?: string } | undefined)?.text;
    if (text === "COMMIT") answer?.catch(() => client.release(true));
    return answer;
  }) as typeof client.query;
}
