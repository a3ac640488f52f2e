import { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { applyMigrations } from "#app/adapters/prisma/migrations.ts";
import { databaseOn, openServer, type Database } from "#app/adapters/prisma/open-database.ts";
import type { ServerPool } from "#app/adapters/prisma/server-pool.ts";
import { usualServerPatience } from "#app/adapters/prisma/server-watch.ts";
import { createServerDatabase, migrationsFolder } from "#test/builders/databases.ts";
import { startPostgresServer, type PostgresServer } from "#test/builders/postgres-server.ts";
import { until } from "#test/builders/quick-house.ts";
import { startRelay, type Relay } from "#test/builders/relay.ts";

const busy = { name: "AppError", code: "busy", kind: "unavailable" };
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** What can be under way when the server goes. */
const works: Record<string, (database: Database) => Promise<unknown>> = {
  "a query": ({ prisma }) => prisma.$queryRaw`SELECT pg_sleep(20)::text`,
  "a query of a transaction": ({ prisma }) =>
    prisma.$transaction(async (tx) => {
      await tx.shop.count();
      await tx.$executeRaw`SELECT pg_sleep(20)`;
    }),
  "a pause of a transaction": ({ prisma }) =>
    prisma.$transaction(async (tx) => {
      await tx.shop.count();
      await pause(400);
      await tx.shop.count();
    }),
  "the time before a COMMIT": ({ prisma }) =>
    prisma.$transaction(async (tx) => {
      await tx.shop.count();
      await pause(400);
    }),
  "a list of statements": ({ prisma }) =>
    prisma.$transaction([prisma.shop.count(), prisma.$executeRaw`SELECT pg_sleep(20)`]),
};

/** Everybody who may ask, on connections that are still to be made. */
const askAll = ({ prisma }: Database) => [
  prisma.shop.count(),
  prisma.$queryRaw`SELECT 1`,
  prisma.$transaction((tx) => tx.shop.count()),
  prisma.$transaction([prisma.shop.count()]),
  prisma.shop.create({ data: { shop: `s${process.hrtime.bigint()}`, secret: "x" } }),
];
const outcomes = async (asked: Promise<unknown>[]) =>
  (await Promise.allSettled(asked)).map((one) => (one.status === "fulfilled" ? "answered" : (one.reason as unknown)));
const each = <T>(asked: unknown[], is: T) => asked.map(() => is);

/** Five questions of five kinds, each of which is to be busy. */
async function expectAllBusy(database: Database): Promise<void> {
  const asked = askAll(database);
  expect(await outcomes(asked)).toMatchObject(each(asked, busy));
}

/** Connects until the server has no room for one more, one after the other, however slow it is; gives the way to leave. */
async function fill({ url }: PostgresServer): Promise<() => Promise<void>> {
  const others: Client[] = [];
  for (let refusal: unknown; refusal === undefined;) {
    const other = new Client({ connectionString: url });
    refusal = await other.connect().then(
      () => void others.push(other),
      (error: unknown) => error,
    );
    if (refusal !== undefined) expect(refusal).toMatchObject({ code: "53300" });
  }
  return async () => void (await Promise.all(others.map((other) => other.end())));
}

describe.skipIf(inject("postgresUrl") === null)("records on a server that goes away", () => {
  let relay: Relay;
  let database: Database;
  beforeAll(async () => {
    const url = new URL(await createServerDatabase());
    relay = await startRelay(url.host);
    url.host = relay.host;
    database = databaseOn(openServer(url.href, 10), { embedded: false, unlock: async () => undefined });
  });
  afterEach(async () => {
    relay.resume();
    await until(() => database.isAnswering());
  });
  afterAll(async () => {
    await database.close();
    await relay.close();
  });

  const answersAgain = async () => {
    await until(async () => (await outcomes(askAll(database))).every((outcome) => outcome === "answered"));
  };

  it("have a patience that fits into two and a half seconds, with time to spare for a crowd", () => {
    const { quietMs, connectMs, askMs } = usualServerPatience;
    expect(Math.max(quietMs, connectMs) + askMs).toBeLessThanOrEqual(1_200);
    expect((database.pool as ServerPool).watch.patience).toEqual(usualServerPatience);
  });

  it.each(Object.keys(works))(
    "are busy when every connection breaks in the middle of %s, and lose none of them",
    async (name) => {
      for (let time = 0; time < 12; time++) {
        const work = works[name]?.(database) ?? Promise.reject(new Error(name));
        const outcome = work.catch((error: unknown) => error);
        await until(() => relay.connections() > 0);
        await pause(100);
        relay.reset();
        expect(await outcome).toMatchObject(busy);
      }
      await answersAgain();
      await until(() => database.pool.totalCount === database.pool.idleCount && database.pool.waitingCount === 0);
    },
  );

  it.each(Object.keys(works))(
    "are busy when the server falls silent in the middle of %s, and lose none of them",
    async (name) => {
      const outcome = works[name]?.(database).catch((error: unknown) => error);
      await until(() => relay.connections() > 0);
      await pause(100);
      relay.stop();
      expect(await outcome).toMatchObject(busy);
      // Who comes now is told at once: nothing is asked of a server that is known to be silent.
      expect(database.pool.totalCount).toBe(0);
      await expectAllBusy(database);
      expect(await database.isAnswering()).toBe(false);
      relay.resume();
      await answersAgain();
      await until(() => database.pool.totalCount === database.pool.idleCount && database.pool.waitingCount === 0);
    },
  );

  it("tell a crowd in front of a silent server, whether it waits for an answer, a connection or its turn", async () => {
    const crowd = () => Array.from({ length: 40 }, () => askAll(database)).flat();
    const asked = crowd();
    relay.stop();
    const told = await outcomes(asked);
    expect(told.filter((outcome) => outcome !== "answered")).toMatchObject(
      each(
        told.filter((outcome) => outcome !== "answered"),
        busy,
      ),
    );
    expect(told.filter((outcome) => outcome !== "answered").length).toBeGreaterThan(100);
    expect(database.pool.waitingCount).toBe(0);
    relay.resume();
    await answersAgain();
  });

  it("wait for a statement that only takes its time, and for a crowd at one lock", async () => {
    const { prisma } = database;
    const lock = (ms: number) =>
      prisma.$transaction(async (tx) => {
        await tx.$executeRaw`SELECT pg_advisory_xact_lock(7)`;
        if (ms > 0) await tx.$executeRaw`SELECT pg_sleep(${ms / 1000})`;
      });
    const long = 2 * (usualServerPatience.quietMs + usualServerPatience.askMs);
    const asked = [lock(long), ...Array.from({ length: 60 }, () => lock(0))];
    expect(await outcomes(asked)).toEqual(each(asked, "answered"));
  });

  it("give up a connection that was lost alone, while the server is well", async () => {
    const own = new URL((database.pool.options as { connectionString: string }).connectionString);
    const lossy = await startRelay(own.host);
    own.host = lossy.host;
    const other = databaseOn(openServer(own.href, 1), { embedded: false, unlock: async () => undefined });
    await other.prisma.shop.count();
    lossy.stopThese();
    await expect(other.prisma.shop.count()).rejects.toMatchObject(busy);
    expect(await other.prisma.shop.count()).toBeGreaterThanOrEqual(0);
    await other.close();
    await lossy.close();
  });

  it("give the connection of a COMMIT that the server refuses back", async () => {
    const { prisma } = database;
    await prisma.$executeRaw`CREATE TABLE IF NOT EXISTS late (id int, CONSTRAINT late_once UNIQUE (id) DEFERRABLE INITIALLY DEFERRED)`;
    for (let time = 0; time < 12; time++) {
      const twice = prisma.$transaction(async (tx) => {
        await tx.$executeRaw`INSERT INTO late VALUES (1), (1)`;
      });
      await expect(twice).rejects.toThrow();
    }
    await until(() => database.pool.totalCount === database.pool.idleCount);
    expect(await prisma.$queryRaw`SELECT count(*)::int AS n FROM late`).toEqual([{ n: 0 }]);
  });

  it("leave what is wrong with a statement as it was", async () => {
    const shop = { shop: "twice", secret: "x" };
    await database.prisma.shop.create({ data: shop });
    await expect(database.prisma.shop.create({ data: shop })).rejects.toMatchObject({ code: "P2002" });
    await expect(database.prisma.$queryRaw`SELECT nothing`).rejects.toMatchObject({ code: "P2010" });
    await expect(database.prisma.$transaction(() => Promise.reject(new Error("mine")))).rejects.toThrow("mine");
  });
});

describe.skipIf(inject("postgresUrl") === null)("records on a server of their own", () => {
  let server: PostgresServer;
  let database: Database;
  beforeAll(async () => {
    server = (await startPostgresServer({ keepsCommits: true })) as PostgresServer;
    database = databaseOn(openServer(server.url, 3), { embedded: false, unlock: async () => undefined });
    await applyMigrations(database.pool, migrationsFolder);
  });
  afterAll(async () => {
    await database.close();
    await server.stop();
  });

  it.each(Object.keys(works))(
    "are busy when it crashes in the middle of %s, and while it is gone, and answer when it is back",
    async (name) => {
      const outcome = works[name]?.(database).catch((error: unknown) => error);
      await until(() => database.pool.totalCount > 0);
      await pause(100);
      await server.crash();
      expect(await outcome).toMatchObject(busy);
      const asked = askAll(database);
      expect(await outcomes(asked)).toMatchObject(each(asked, busy));
      expect(await database.isAnswering()).toBe(false);
      await server.start();
      await until(async () => (await outcomes(askAll(database))).every((outcome) => outcome === "answered"));
      expect(database.pool.totalCount).toBeLessThanOrEqual(3);
    },
  );

  it("are busy while all of it stands still, and answer when it goes on", async () => {
    await outcomes(askAll(database));
    server.freeze();
    await expectAllBusy(database);
    expect(await database.isAnswering()).toBe(false);
    server.thaw();
    await until(async () => (await outcomes(askAll(database))).every((outcome) => outcome === "answered"));
  });

  it("are busy while it is full", async () => {
    const leave = await fill(server);
    const late = databaseOn(openServer(server.url, 3), { embedded: false, unlock: async () => undefined });
    await expectAllBusy(late);
    await leave();
    await until(async () => (await outcomes(askAll(late))).every((outcome) => outcome === "answered"));
    await late.close();
  });
});
