import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { openDatabase } from "#app/adapters/prisma/open-database.ts";
import type { ServerPool } from "#app/adapters/prisma/server-pool.ts";
import { patienceAtStart, usualServerPatience } from "#app/adapters/prisma/server-watch.ts";
import { migrationsFolder, openServerDatabase } from "#test/builders/databases.ts";
import { startPostgresServer, type PostgresServer } from "#test/builders/postgres-server.ts";
import { openQuickHouse, until } from "#test/builders/quick-house.ts";
import { quietLog } from "#test/builders/quiet-log.ts";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.skipIf(inject("postgresUrl") === null)("a start beside a database's server", () => {
  let server: PostgresServer;
  beforeEach(async () => {
    server = (await startPostgresServer()) as PostgresServer;
  });
  afterEach(() => server.stop());

  const open = (databaseUrl: string, comesUpWithinMs?: number) => {
    const { log, said } = quietLog();
    const place = { databaseUrl, dataDir: "/nowhere", migrationsFolder, log };
    return {
      said,
      database: openDatabase({ ...place, ...(comesUpWithinMs === undefined ? {} : { comesUpWithinMs }) }),
    };
  };

  it("waits for one that comes up later, and says so", async () => {
    await server.crash();
    const { said, database } = open(server.url);
    await until(() => said.length > 0);
    expect(said[0]).toMatchObject({ level: "warn", event: "the database is not there yet" });
    await server.start();
    const opened = await database;
    expect(await opened.prisma.portrait.count()).toBe(0);
    await opened.close();
  });

  it("waits for one that says nothing for longer than a shopper would wait", async () => {
    server.freeze();
    const { said, database } = open(server.url);
    await pause(2 * (usualServerPatience.connectMs + usualServerPatience.askMs));
    server.thaw();
    const opened = await database;
    expect(said).toEqual([]);
    await opened.close();
  });

  it("ends with what is wrong where nothing ever answers", async () => {
    await server.crash();
    await expect(open(server.url, 100).database).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  it("does not wait for what waiting cannot mend", async () => {
    const { said, database } = open(server.url.replace(/postgres$/, "nothing_of_this_name"));
    await expect(database).rejects.toMatchObject({ code: "3D000" });
    expect(said).toEqual([]);
  });

  it("has patience until somebody waits for its answers", async () => {
    const { database } = open(server.url);
    const opened = await database;
    const { watch } = opened.pool as ServerPool;
    expect(watch.patience).toEqual(patienceAtStart);
    opened.hurry();
    expect(watch.patience).toEqual(usualServerPatience);
    await opened.close();
  });

  it("is over when the house is open", async () => {
    const database = await openServerDatabase();
    let hurried = 0;
    const house = await openQuickHouse({ parts: { database: { ...database, hurry: () => void (hurried += 1) } } });
    expect(hurried).toBe(1);
    await house.close();
  });
});
