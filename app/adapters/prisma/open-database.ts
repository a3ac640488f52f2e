import { join } from "node:path";
import { PrismaClient } from "@prisma/client";
import type pg from "pg";
import type { Log } from "#app/kernel/log.ts";
import { lockDataFolder } from "./data-folder-lock.ts";
import { givingConnectionsBack } from "./give-back-connections.ts";
import { isTrouble } from "./database-trouble.ts";
import { applyMigrations } from "./migrations.ts";
import { PoolOfOne } from "./pool-of-one.ts";
import { ServerPool } from "./server-pool.ts";
import { patienceAtStart, usualServerPatience, type ServerPatience } from "./server-watch.ts";
import { tellingTrouble } from "./telling-trouble.ts";

/**
 * Opens the records: a PostgreSQL server where there is an address, else PGlite in a folder of its own. Both are migrated
 * before anybody sees them.
 */
export type Database = {
  /** Throws AppError `busy` (`unavailable`) for whatever comes of a database that cannot be reached. */
  prisma: PrismaClient;
  pool: pg.Pool;
  /** Whether it can be reached now; known within two seconds. */
  isAnswering(): Promise<boolean>;
  /** True where this process is the only one that can be working on it. */
  embedded: boolean;
  /** The start is over, and from now on somebody waits for each answer: that it stays silent is found out in their time. */
  hurry(): void;
  close(): Promise<void>;
};

export type DatabasePlace = {
  databaseUrl: string | null;
  dataDir: string;
  migrationsFolder: string;
  connections?: number;
  log: Log;
  /** How long a server is waited for that is not there yet, milliseconds. */
  comesUpWithinMs?: number;
};

/**
 * A server that refuses, is starting or says nothing is asked again for half a minute: a database that is started beside
 * the app takes that long, and a platform that starts it anew at each failure would only make it slower.
 *
 * @throws what the server, or the way to it, last said
 */
export async function openDatabase(place: DatabasePlace): Promise<Database> {
  const { pool, unlock } =
    place.databaseUrl === null
      ? await openEmbedded(join(place.dataDir, "database"))
      : {
          pool: openServer(place.databaseUrl, place.connections ?? 10, patienceAtStart),
          unlock: async () => undefined,
        };
  try {
    await onceItIsThere(() => applyMigrations(pool, place.migrationsFolder), place);
  } catch (error) {
    await pool.end().catch(() => undefined);
    await unlock();
    throw error;
  }
  return databaseOn(pool, { embedded: place.databaseUrl === null, unlock });
}

async function onceItIsThere<T>(
  ask: () => Promise<T>,
  { log, comesUpWithinMs = 30_000 }: Pick<DatabasePlace, "log" | "comesUpWithinMs">,
): Promise<T> {
  const endsMs = performance.now() + comesUpWithinMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isTrouble(error) || performance.now() + pauseMs > endsMs) throw error;
      log.warn("the database is not there yet", { error });
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

/** Between two tries to reach it, milliseconds. */
const pauseMs = 1_000;

/** A database on a pool that is open and migrated already; tests make theirs from a template. */
export function databaseOn(pool: pg.Pool, options: { embedded: boolean; unlock: () => Promise<void> }): Database {
  // One connection serves everybody on the embedded database, so a transaction may have to wait for a crowd.
  const client = new PrismaClient({
    adapter: givingConnectionsBack(pool),
    transactionOptions: { maxWait: 20_000, timeout: 15_000 },
    errorFormat: "minimal",
  });
  const prisma = tellingTrouble(client);
  const close = async () => {
    await client.$disconnect();
    if (!pool.ended) await pool.end();
    await options.unlock();
  };
  return Object.freeze({
    prisma,
    pool,
    isAnswering: () => isAnswering(prisma, pool),
    embedded: options.embedded,
    hurry: () => pool instanceof ServerPool && pool.watch.waitWith(usualServerPatience),
    close,
  });
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

export function openServer(connectionString: string, connections: number, patience?: ServerPatience): ServerPool {
  return new ServerPool(connectionString, connections, patience);
}

/** For the answer to a look, milliseconds: who asks whether we are well waits no longer than a shopper does. */
const lookMs = 2_000;

/** Where the server has answered somebody meanwhile, only the way to it is crowded. */
async function isAnswering(prisma: PrismaClient, pool: pg.Pool): Promise<boolean> {
  const watch = pool instanceof ServerPool ? pool.watch : undefined;
  const before = watch?.answers;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(watch?.answers !== before), lookMs);
  });
  const answered = prisma.$queryRaw`SELECT 1`.then(
    () => true,
    () => false,
  );
  return Promise.race([answered, late]).finally(() => clearTimeout(timer));
}
