import { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import { describe, inject } from "vitest";
import { applyMigrations } from "#app/adapters/prisma/migrations.ts";
import { databaseOn, openServer, type Database } from "#app/adapters/prisma/open-database.ts";
import { PoolOfOne } from "#app/adapters/prisma/pool-of-one.ts";

/**
 * Fresh, migrated databases for tests, one of each kind that the app runs on. Both are copies of a template, because
 * making one from nothing takes seconds.
 */
export const migrationsFolder = new URL("../../prisma/migrations", import.meta.url).pathname;

export type OpenDatabase = () => Promise<Database>;

/** Runs the same suite on PGlite and on a PostgreSQL server; without a server that half reports itself as skipped. */
export function describeOnEachDatabase(name: string, suite: (open: OpenDatabase) => void): void {
  describe(`${name} on PGlite`, () => suite(openEmbeddedDatabase));
  describe.skipIf(inject("postgresUrl") === null)(`${name} on a PostgreSQL server`, () => suite(openServerDatabase));
}

let template: Promise<Blob | File> | undefined;

async function makeTemplate(): Promise<Blob | File> {
  const database = await PGlite.create();
  await applyMigrations(new PoolOfOne(database), migrationsFolder);
  return database.dumpDataDir("none");
}

export async function openEmbeddedDatabase(): Promise<Database> {
  template ??= makeTemplate();
  const database = await PGlite.create({ loadDataDir: await template });
  return databaseOn(new PoolOfOne(database), { embedded: true, unlock: async () => undefined });
}

export async function openServerDatabase(): Promise<Database> {
  const url = await createServerDatabase();
  return databaseOn(openServer(url, 10), { embedded: false, unlock: async () => undefined });
}

/** @returns the address of an empty, migrated database on the tests' server, for processes that open it themselves */
export async function createServerDatabase(): Promise<string> {
  const serverUrl = inject("postgresUrl");
  if (serverUrl === null) throw new Error("no PostgreSQL server is installed");
  const name = `t_${process.hrtime.bigint().toString(36)}`;
  await onServer(serverUrl, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE template0`));
  const url = serverUrl.replace(/\/postgres$/, `/${name}`);
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  await applyMigrations(pool, migrationsFolder);
  await pool.end();
  return url;
}

async function onServer(connectionString: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
