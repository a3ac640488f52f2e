import type { Pool, PoolConfig } from "pg";
import { PgBoss } from "pg-boss";
import type { Clock } from "#app/kernel/clock.ts";
import { AppError } from "#app/kernel/errors.ts";
import type { Log } from "#app/kernel/log.ts";
import type { PaintingJob, PaintingQueue } from "#app/portraits/painting-queue.ts";

/**
 * The queue of portraits to paint, on the records' own database: what was accepted survives the process, and instances
 * that share the database share the work. pg-boss's `exclusive` policy lets one job of a key be waiting or active, which
 * is what makes one painter call for a picture that many want at once.
 */
export type PgBossPaintingQueue = PaintingQueue & {
  start(worker: PaintingWorker): Promise<void>;
  /** Takes no new job; those at work go on, and new ones are still written down for others to take. */
  takeNoMore(): void;
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
  on: { pool: Pool } | { connectionString: string; Client?: PoolConfig["Client"] };
  /** Portraits in the making in this process; two thirds of them for one shop. */
  concurrency: number;
  /** Longest time that a making can take, seconds. */
  deadlineSeconds: number;
  clock: Clock;
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
  clock,
  log,
}: PaintingQueueOptions): PgBossPaintingQueue {
  const embedded = "pool" in on;
  const boss = createBoss(on);
  boss.on("error", (error: unknown) => log.error("queue failed", { error }));
  const goingDown = new AbortController();
  let worker: string | undefined;
  const enqueue: PaintingQueue["enqueue"] = async (job, { turnAtMs }) => {
    const options = {
      singletonKey: `${job.shop}/${job.key}`,
      priority: priorityOf(turnAtMs),
      group: { id: job.shop },
    };
    await boss.send(name, job, options).catch(throwBusy);
    if (worker !== undefined) boss.notifyWorker(worker);
  };

  return Object.freeze({
    async start({ make, isWaitedFor }) {
      await boss.start();
      await boss.createQueue(name, { ...queueOptions, expireInSeconds: deadlineSeconds + 30, notify: !embedded });
      if (embedded) await takeBackJobsOfTheDead(boss, on.pool);
      worker = await boss.work<PaintingJob>(name, workOptions(concurrency, { embedded }), async ([job]) => {
        if (job === undefined) return;
        await make(job.data, { signal: goingDown.signal });
        // The attempt and not the job: who was taken for dead and is not must not end what another one is at work on.
        await boss.complete(name, job);
        if (await isWaitedFor(job.data)) await enqueue(job.data, { turnAtMs: clock.nowMs() });
      });
    },

    enqueue,

    takeNoMore() {
      worker = undefined;
      void boss.offWork(name, { wait: false });
    },

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

/** What is written down and not in the queue is put into it by the sweep; only the answer is another one. */
function throwBusy(cause: unknown): never {
  throw new AppError({
    code: "busy",
    kind: "unavailable",
    publicMessage: "We cannot reach our records just now. Please try again in a moment.",
    message: `queue: ${cause instanceof Error ? cause.message.slice(0, 300) : "unknown trouble"}`,
    report: true,
    cause,
  });
}

/**
 * A new job is announced; one that is taken back or tried again is only found by looking, on a server every 30 s unless it
 * is told otherwise.
 *
 * The order alone does not help who comes while a crowd has every painter: they would wait for a whole call to end. So one
 * shop has at most two thirds of a process's painters, and the rest are free for whoever comes next.
 */
function workOptions(concurrency: number, { embedded }: { embedded: boolean }) {
  const pollingIntervalSeconds = embedded ? 0.5 : 2;
  return {
    pollingIntervalSeconds,
    notifyPollingIntervalSeconds: pollingIntervalSeconds,
    localConcurrency: concurrency,
    localGroupConcurrency: Math.ceil((concurrency * 2) / 3),
    batchSize: 1,
  };
}

/** Of two jobs the one of the higher priority is taken first: whole seconds, because it is a 32-bit number. */
const priorityOf = (turnAtMs: number): number => -Math.floor(turnAtMs / 1000);

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
