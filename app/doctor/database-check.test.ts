import { PGlite } from "@electric-sql/pglite";
import type { Pool } from "pg";
import { beforeAll, describe, expect, it } from "vitest";
import { openServer } from "#app/adapters/prisma/open-database.ts";
import { PoolOfOne } from "#app/adapters/prisma/pool-of-one.ts";
import { migrationsFolder, openEmbeddedDatabase } from "#test/builders/databases.ts";
import { databaseCheck } from "./database-check.ts";
import { examine } from "./examine.ts";

// The first one makes the template of all others.
beforeAll(async () => (await openEmbeddedDatabase()).close());

async function migrated(then = ""): Promise<Pool> {
  const { pool } = await openEmbeddedDatabase();
  if (then !== "") await pool.query(then);
  return pool;
}

async function look(open: (() => Pool) | null) {
  const [finding] = await examine([databaseCheck({ open, migrationsFolder })], { deadlineMs: 20_000 });
  return finding!;
}

describe("the database", () => {
  it("is well when it is reached and every migration is applied", async () => {
    const pool = await migrated();
    let ended = false;
    const watched = {
      query: pool.query.bind(pool),
      end: () => pool.end().then(() => (ended = true)),
    } as unknown as Pool;
    expect(await look(() => watched)).toMatchObject({ state: "ok" });
    expect(ended).toBe(true);
  });

  it("is not when it is empty, and stays so: looking applies nothing", async () => {
    const database = await PGlite.create();
    const finding = await look(() => new PoolOfOne(database));
    expect(finding).toMatchObject({
      state: "failed",
      said: expect.stringMatching(/^not applied yet: \d{14}_/) as string,
    });
  });

  it("is not when a migration was applied in another form", async () => {
    const pool = await migrated(`UPDATE _prisma_migrations SET checksum = 'x' WHERE migration_name LIKE '%'`);
    expect(await look(() => pool)).toMatchObject({ state: "failed", said: expect.stringContaining("form") as string });
  });

  it("warns when a newer version has been there", async () => {
    const pool = await migrated(
      `INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name) VALUES ('x', 'x', now(), '2099_later')`,
    );
    expect(await look(() => pool)).toMatchObject({ state: "warning", said: expect.stringContaining("2099") as string });
  });

  it("is not when nobody answers", async () => {
    const finding = await look(() => openServer("postgresql://nobody@127.0.0.1:1/x", 1));
    expect(finding).toMatchObject({ state: "failed", toDo: expect.stringContaining("DATABASE_URL") as string });
    expect(finding.said).toContain("ECONNREFUSED");
  });

  it("is not looked at while it is the app's own", async () => {
    expect(await look(null)).toMatchObject({ state: "skipped" });
  });
});
