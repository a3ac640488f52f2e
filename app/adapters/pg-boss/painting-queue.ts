import type { Pool } from "pg";
import { PgBoss } from "pg-boss";
import type { Log } from "#app/kernel/log.ts";
import type { PaintingJob, PaintingQueue } from "#app/portraits/painting-queue.ts";

/**
 * The queue of portraits to paint, on the records' own database: what was accepted survives the process, and instances
 * that share the database share the work. pg-boss's `exclusive` policy lets one job of a key be waiting or active, which
 * is what makes one painter call for a picture that many want at once.
 */
export type PgBossPaintingQueue = PaintingQueue & {
  start(worker: PaintingWorker): Promise<void>;
  /** Takes no new job, waits for those at work up to `timeoutMs`, then hands the rest back. */
  stop(timeoutMs: number): Promise<void>;
};

export type PaintingWorker = {
  make(job: PaintingJob, options: { signal: AbortSignal }): Promise<void>;
  /** Asked once a job has ended: a wish that came just before found the job alive, and its own was refused. */
  isWaitedFor(job: PaintingJob): Promise<boolean>;
};

export type PaintingQueueOptions = {
  /** The embedded database's pool, which this process alone works on; or the address of a server. */
  on: { pool: Pool } | { connectionString: string };
  concurrency: number;
  /** Longest time that a making can take, seconds. */
  deadlineSeconds: number;
  log: Log;
};

const name = "paint-portrait";

/** A job whose process died is given to another one after at most ten seconds without a heartbeat. */
const queueOptions = {
  policy: "exclusive",
  retryLimit: 5,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 10,
  heartbeatSeconds: 10,
  // A finished job names a shop and a key; nobody asks for it again.
  deleteAfterSeconds: 60 * 60,
} as const;

export function createPgBossPaintingQueue({
  on,
  concurrency,
  deadlineSeconds,
  log,
}: PaintingQueueOptions): PgBossPaintingQueue {
  const embedded = "pool" in on;
  const boss = createBoss(on);
  boss.on("error", (error: unknown) => log.error("queue failed", { error }));
  const goingDown = new AbortController();
  let worker: string | undefined;
  const enqueue: PaintingQueue["enqueue"] = async (job) => {
    await boss.send(name, job, { singletonKey: `${job.shop}/${job.key}` });
    if (worker !== undefined) boss.notifyWorker(worker);
  };

  return Object.freeze({
    async start({ make, isWaitedFor }) {
      await boss.start();
      await boss.createQueue(name, { ...queueOptions, expireInSeconds: deadlineSeconds + 30, notify: !embedded });
      if (embedded) await takeBackJobsOfTheDead(boss, on.pool);
      // A new job is announced; one that is taken back or tried again is only found by looking, on a server every 30 s
      // unless it is told otherwise.
      const pollingIntervalSeconds = embedded ? 0.5 : 2;
      const look = { pollingIntervalSeconds, notifyPollingIntervalSeconds: pollingIntervalSeconds };
      const options = { ...look, localConcurrency: concurrency, batchSize: 1 };
      worker = await boss.work<PaintingJob>(name, options, async ([job]) => {
        if (job === undefined) return;
        await make(job.data, { signal: goingDown.signal });
        await boss.complete(name, job.id);
        if (await isWaitedFor(job.data)) await enqueue(job.data);
      });
    },

    enqueue,

    async stop(timeoutMs) {
      const impatience = setTimeout(
        () => goingDown.abort(new Error("the process is going down")),
        Math.max(0, timeoutMs - 1_000),
      );
      await boss.stop({ graceful: true, timeout: timeoutMs });
      clearTimeout(impatience);
    },
  } satisfies PgBossPaintingQueue);
}

function createBoss(on: PaintingQueueOptions["on"]): PgBoss {
  const upkeep = { superviseIntervalSeconds: 5, monitorIntervalSeconds: 5, schedule: false };
  if ("connectionString" in on) return new PgBoss({ ...upkeep, ...on, max: 4, useListenNotify: true });
  const executeSql = (text: string, values?: unknown[]) => on.pool.query(text, values);
  return new PgBoss({ ...upkeep, backend: "pglite", db: { executeSql } });
}

/** On the embedded database nobody else can be at work: a job that is still active belongs to a process that died. */
async function takeBackJobsOfTheDead(boss: PgBoss, pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ id: string }>(`SELECT id FROM pgboss.job WHERE name = $1 AND state = 'active'`, [
    name,
  ]);
  if (rows.length > 0)
    await boss.fail(
      name,
      rows.map((row) => row.id),
      { reason: "its process died" },
    );
}
