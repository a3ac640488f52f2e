import { afterEach, describe, expect, inject, it } from "vitest";
import {
  createPgBossPaintingQueue,
  type PaintingWorker,
  type PgBossPaintingQueue,
} from "#app/adapters/pg-boss/painting-queue.ts";
import type { Database } from "#app/adapters/prisma/open-database.ts";
import { systemClock } from "#app/kernel/clock.ts";
import type { Log } from "#app/kernel/log.ts";
import type { PaintingJob } from "#app/portraits/painting-queue.ts";
import { createServerDatabase, openEmbeddedDatabase } from "#test/builders/databases.ts";

const now = { turnAtMs: Date.parse("2026-03-30T12:00:00Z") };
const job = (key: string): PaintingJob => ({ shop: "a.shop", key });
const errors: unknown[] = [];
const log: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: (event, facts) => void errors.push({ event, facts }),
};

type Place = { open(concurrency?: number): Promise<PgBossPaintingQueue>; close(): Promise<void> };

/** Each `open` is another queue on the same database, as another process or another start would have it. */
const places: Record<string, { skip: boolean; make(): Promise<Place> }> = {
  "the embedded database": {
    skip: false,
    async make() {
      const database: Database = await openEmbeddedDatabase();
      const open = async (concurrency = 2) =>
        createPgBossPaintingQueue({
          on: { pool: database.pool },
          concurrency,
          deadlineSeconds: 60,
          clock: systemClock,
          log,
        });
      return { open, close: () => database.close() };
    },
  },
  "a PostgreSQL server": {
    skip: inject("postgresUrl") === null,
    async make() {
      const connectionString = await createServerDatabase();
      const open = async (concurrency = 2) =>
        createPgBossPaintingQueue({
          on: { connectionString },
          concurrency,
          deadlineSeconds: 60,
          clock: systemClock,
          log,
        });
      return { open, close: async () => undefined };
    },
  },
};

/** A worker that writes down what it did and can be held up at a gate. */
function worker(facts: Partial<PaintingWorker> = {}) {
  const made: string[] = [];
  const make: PaintingWorker["make"] = async ({ key }) => void made.push(key);
  return { made, make, isWaitedFor: async () => false, ...facts };
}

function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

const until = async (what: () => boolean): Promise<void> => {
  while (!what()) await new Promise((resolve) => setTimeout(resolve, 20));
};

for (const [name, { skip, make: makePlace }] of Object.entries(places)) {
  describe.skipIf(skip)(`the painting queue on ${name}`, () => {
    const opened: PgBossPaintingQueue[] = [];
    let place: Place;
    const open = async (concurrency?: number) => {
      const queue = await place.open(concurrency);
      opened.push(queue);
      return queue;
    };
    afterEach(async () => {
      for (const queue of opened.splice(0)) await queue.stop(2_000);
      await place.close();
      expect(errors.splice(0)).toEqual([]);
    });

    it("takes the earliest turn first, whatever was put in first", async () => {
      place = await makePlace();
      const queue = await open(1);
      const { open: letGo, opened: mayGo } = gate();
      const made: string[] = [];
      const work = worker({ make: async ({ key }) => void (made.push(key), await mayGo) });
      await queue.start(work);
      await queue.enqueue(job("at work"), now);
      await until(() => made.length === 1);
      const turns = { "a minute later": 60_000, "two seconds later": 2_000, "long before": -86_400_000, now: 0 };
      for (const [key, ms] of Object.entries(turns)) await queue.enqueue(job(key), { turnAtMs: now.turnAtMs + ms });
      letGo();
      await until(() => made.length === 5);
      expect(made.slice(1)).toEqual(["long before", "now", "two seconds later", "a minute later"]);
    });

    it("leaves a painter for who comes while a crowd of one shop is at work", async () => {
      place = await makePlace();
      const queue = await open(3);
      const { open: letGo, opened: mayGo } = gate();
      const begun: string[] = [];
      const work = worker({ make: async ({ shop, key }) => void (begun.push(`${shop}/${key}`), await mayGo) });
      await queue.start(work);
      for (const key of ["1", "2", "3", "4", "5"]) await queue.enqueue({ shop: "crowd", key }, now);
      await until(() => begun.length === 2);
      // Longer than it takes an idle painter to look again.
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      expect(begun).toHaveLength(2);
      await queue.enqueue({ shop: "quiet", key: "1" }, { turnAtMs: now.turnAtMs + 60_000 });
      await until(() => begun.includes("quiet/1"));
      expect(begun).toHaveLength(3);
      letGo();
      await until(() => begun.length === 6);
      expect(begun.sort()).toEqual(["crowd/1", "crowd/2", "crowd/3", "crowd/4", "crowd/5", "quiet/1"]);
    });

    it("takes no more when it is told so, finishes what it has, and still writes down what comes in", async () => {
      place = await makePlace();
      const [queue, other] = [await open(), await open()];
      const { open: letGo, opened: mayGo } = gate();
      const work = worker();
      await queue.start({ ...work, make: async (taken, options) => (await mayGo, work.make(taken, options)) });
      await queue.enqueue(job("at work"), now);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      queue.takeNoMore();
      await queue.enqueue(job("later"), now);
      letGo();
      await until(() => work.made.length === 1);
      expect(work.made).toEqual(["at work"]);
      await queue.stop(2_000);
      const heir = worker();
      await other.start(heir);
      await until(() => heir.made.length === 1);
      expect(heir.made).toEqual(["later"]);
    });

    it("makes what is put in, each key once, however often it is put in before it ends", async () => {
      place = await makePlace();
      const queue = await open();
      const { open: letGo, opened: mayGo } = gate();
      const made: string[] = [];
      const make: PaintingWorker["make"] = async ({ key }) => {
        made.push(key);
        await mayGo;
      };
      await queue.start({ make, isWaitedFor: async () => false });
      await Promise.all(Array.from({ length: 20 }, (_, n) => queue.enqueue(job(n % 2 === 0 ? "a" : "b"), now)));
      await until(() => made.length === 2);
      await Promise.all(Array.from({ length: 10 }, () => queue.enqueue(job("a"), now)));
      letGo();
      await queue.enqueue(job("c"), now);
      await until(() => made.includes("c"));
      expect(made.sort()).toEqual(["a", "b", "c"]);
    });

    it("makes a key again for a wish that came while its job was ending", async () => {
      place = await makePlace();
      const queue = await open();
      const made: string[] = [];
      const make: PaintingWorker["make"] = async ({ key }) => {
        made.push(key);
        // The wish of somebody who comes now is refused, because this job is still alive.
        if (made.length === 1) await queue.enqueue(job("a"), now);
      };
      await queue.start({ make, isWaitedFor: async () => made.length === 1 });
      await queue.enqueue(job("a"), now);
      await until(() => made.length === 2);
      expect(made).toEqual(["a", "a"]);
    });

    it("keeps what was put in over a restart on the same database", async () => {
      place = await makePlace();
      const before = await open();
      await before.start(worker({ make: () => new Promise(() => undefined) }));
      for (const key of ["a", "b", "c", "d"]) await before.enqueue(job(key), now);
      await before.stop(50);
      opened.pop();
      const after = await open();
      const { made, ...rest } = worker();
      await after.start(rest);
      await until(() => new Set(made).size === 4);
    });

    it("hands a job back when it stops before the job has ended, and tells the job so", async () => {
      place = await makePlace();
      const before = await open();
      const heard: string[] = [];
      const make: PaintingWorker["make"] = (_job, { signal }) =>
        new Promise((_resolve, reject) => {
          heard.push("begun");
          signal.addEventListener("abort", () => {
            heard.push("aborted");
            reject(new Error("handed back"));
          });
        });
      await before.start(worker({ make }));
      await before.enqueue(job("a"), now);
      await until(() => heard.includes("begun"));
      await before.stop(1_500);
      opened.pop();
      expect(heard).toEqual(["begun", "aborted"]);
      const after = await open();
      const { made, ...rest } = worker();
      await after.start(rest);
      await until(() => made.length > 0);
      expect(made).toEqual(["a"]);
    });

    it("tries a job again that threw", async () => {
      place = await makePlace();
      const queue = await open();
      let tries = 0;
      const make: PaintingWorker["make"] = async () => {
        tries += 1;
        if (tries === 1) throw new Error("the records do not answer");
      };
      await queue.start(worker({ make }));
      await queue.enqueue(job("a"), now);
      await until(() => tries === 2);
    });
  });
}

describe("the painting queue on the embedded database", () => {
  it("takes back at once what a process had at work when it died", async () => {
    const database = await openEmbeddedDatabase();
    const before = createPgBossPaintingQueue({
      on: { pool: database.pool },
      concurrency: 1,
      deadlineSeconds: 60,
      clock: systemClock,
      log,
    });
    const { opened: mayEnd, open: end } = gate();
    let begun = false;
    const make: PaintingWorker["make"] = async () => {
      begun = true;
      await mayEnd;
    };
    await before.start(worker({ make }));
    await before.enqueue(job("a"), now);
    await until(() => begun);
    // The first one never ends its job: as far as the second one can see, its process is dead.
    const after = createPgBossPaintingQueue({
      on: { pool: database.pool },
      concurrency: 1,
      deadlineSeconds: 60,
      clock: systemClock,
      log,
    });
    const second = worker();
    await after.start(second);
    await until(() => second.made.length > 0);
    expect(second.made).toEqual(["a"]);
    end();
    for (const queue of [before, after]) await queue.stop(2_000);
    await database.close();
  });
});
