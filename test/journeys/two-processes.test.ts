import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { databaseOn, openServer, type Database } from "#app/adapters/prisma/open-database.ts";
import { createServerDatabase } from "#test/builders/databases.ts";
import { startHouseProcess, type HouseProcess } from "#test/builders/house-processes.ts";
import { smallPhoto } from "#test/builders/photos.ts";
import { until } from "#test/builders/quick-house.ts";
import { comeAsShopper, type TestShopper } from "#test/builders/storefront.ts";

const crowd = 300;

describe.skipIf(inject("postgresUrl") === null)("two processes on one PostgreSQL server", () => {
  let folder: string;
  let url: string;
  let database: Database;
  let houses: HouseProcess[];
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "pet-portraits-two-"));
    url = await createServerDatabase();
    database = databaseOn(openServer(url, 2), { embedded: false, unlock: async () => undefined });
    houses = [];
  });
  afterEach(async () => {
    for (const { child, stop } of houses) if (child.exitCode === null && child.signalCode === null) await stop();
    await database.close();
    rmSync(folder, { recursive: true, force: true });
    for (const { told } of houses) expect(told.filter(({ error }) => error !== undefined)).toEqual([]);
  });

  const start = async (environment: Record<string, string> = {}) => {
    const house = await startHouseProcess({ DATABASE_URL: url, DATA_DIR: folder, QUOTA_BURST: "1000", ...environment });
    houses.push(house);
    return house;
  };
  const readyOnes = () => database.prisma.portrait.count({ where: { status: "ready" } });
  const painterCalls = () => database.prisma.attempt.count();
  const charges = () => database.prisma.quotaEntry.count({ where: { tier: "day", state: "done" } });

  it("let exactly five of a customer's three hundred wishes pass, from many browsers, and never answer 5xx", async () => {
    const both = [await start(), await start()];
    const browsers: TestShopper[] = [];
    for (let n = 0; n < 20; n++) browsers.push(await comeAsShopper(both[n % 2]?.url ?? "", { customer: "9001" }));
    const ids: string[] = [];
    for (let n = 0; n < 30; n++) ids.push(await (browsers[n % 20] as TestShopper).give(await smallPhoto(n)));
    // Ten takes of each of thirty photos: three hundred different portraits of one customer.
    const wishes = Array.from({ length: crowd }, (_, n) => ({ id: ids[n % 30] ?? "", take: Math.floor(n / 30) + 1 }));
    const answers = await Promise.all(
      wishes.map(({ id, take }, n) => (browsers[n % 20] as TestShopper).ask(id, { take })),
    );
    const count = (status: number) => answers.filter((answer) => answer.status === status).length;
    expect({ passed: count(202), refused: count(429) }).toEqual({ passed: 5, refused: crowd - 5 });
    await until(async () => (await readyOnes()) === 5);
    expect(await painterCalls()).toBe(5);
    await until(async () => (await charges()) === 5);
  });

  it("paint once and charge once what is asked three hundred times under one key", async () => {
    const both = [await start({ PAINTING_TAKES_MS: "500" }), await start({ PAINTING_TAKES_MS: "500" })];
    const here = await comeAsShopper(both[0]?.url ?? "", { customer: "9002" });
    const there = await comeAsShopper(both[1]?.url ?? "", { customer: "9002", session: here.session.session });
    const id = await here.give(await smallPhoto(77));
    const answers = await Promise.all(
      Array.from({ length: crowd }, (_, n) =>
        (n % 2 === 0 ? here : there).ask(id, {}, { key: "one-key-for-all-of-them" }),
      ),
    );
    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
    expect(new Set(answers.map(({ body }) => body.portrait.id)).size).toBe(1);
    await here.wait(answers[0]?.body.portrait.id ?? "");
    expect(await painterCalls()).toBe(1);
    expect(await charges()).toBe(1);
  });

  it("finish each other's work: of a process that is killed while it paints, the other takes the job, and charges once", async () => {
    const doomed = await start({ PAINTING_TAKES_MS: "600000" });
    const shopper = await comeAsShopper(doomed.url, { customer: "9003" });
    const asked = await shopper.ask(await shopper.give(await smallPhoto(78)));
    await until(async () => (await database.prisma.attempt.count({ where: { outcome: "running" } })) === 1);
    const heir = await start();
    doomed.child.kill("SIGKILL");
    const later = await comeAsShopper(heir.url, { customer: "9003" });
    expect((await later.wait(asked.body.portrait.id)).status).toBe("ready");
    expect(await painterCalls()).toBe(2);
    expect(await charges()).toBe(1);
    expect(await later.quota()).toMatchObject({ used: 1 });
  });
});
