import {
  isActive,
  pictureOf,
  type OrderedDue,
  type PortraitError,
  type PortraitRecord,
  type PortraitRecords,
} from "#app/portraits/portrait-records.ts";

/** A row as the database has it: beside the record, when it ended, when it left its shopper's list, what it pays for. */
export type PortraitRow = PortraitRecord & {
  finishedAtMs: number | null;
  hiddenAtMs: number | null;
  paysFor: string | null;
  /** When it was put in line because it is bought. */
  queuedAtMs: number | null;
};

export type MemoryRecordsOptions = {
  /** The same rows for several instances. */
  rows?: PortraitRow[];
  /** Awaited between two statements of one call: there others can come in between, as on a database. */
  between?: () => Promise<void>;
};

/** The port in memory; `rows` are the rows themselves, for a test that looks behind it. */
export function createMemoryPortraitRecords({ rows = [], between = async () => undefined }: MemoryRecordsOptions = {}) {
  const records: PortraitRecords = Object.freeze({
    ...lookups(rows),
    ...moves(rows, between),
    ...payers(rows, between),
    ...figures(rows),
    ...ordered(rows),
  });
  return { records, rows };
}

const recordOf = ({
  finishedAtMs: _f,
  hiddenAtMs: _h,
  paysFor: _p,
  queuedAtMs: _q,
  ...record
}: PortraitRow): PortraitRecord => structuredClone(record);

const oldestFirst = (a: PortraitRow, b: PortraitRow): number => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1);
const newestFirst = (a: PortraitRow, b: PortraitRow): number => -oldestFirst(a, b);

const untouched = { hiddenAtMs: null, paysFor: null, queuedAtMs: null };

type Lookups =
  | "insertActive"
  | "insertSettled"
  | "insertPending"
  | "find"
  | "findReady"
  | "findGiven"
  | "findActive"
  | "findByImageToken"
  | "list"
  | "cancelledSince"
  | "wasGiven";

function lookups(rows: PortraitRow[]): Pick<PortraitRecords, Lookups> {
  const all = (is: (row: PortraitRow) => boolean, order = newestFirst) => rows.filter(is).sort(order).map(recordOf);
  const first = (is: (row: PortraitRow) => boolean) => all(is)[0];
  const isOf = (shop: string, owners: readonly string[]) => (row: PortraitRow) =>
    row.shop === shop && owners.includes(row.shopper);
  const insert = (portrait: PortraitRecord) => {
    const finishedAtMs = portrait.status === "ready" ? portrait.createdAtMs : null;
    rows.push({ ...structuredClone(portrait), finishedAtMs, ...untouched });
  };
  return {
    async insertActive(portrait) {
      const { shop, shopper, key } = portrait;
      const isOne = (row: PortraitRow) => row.key === key && isActive(row) && row.queuedAtMs === null;
      const other = first((row) => isOf(shop, [shopper])(row) && isOne(row));
      if (other !== undefined) return { portrait: other, inserted: false };
      insert(portrait);
      return { portrait, inserted: true };
    },
    insertSettled: async (portrait) => insert(portrait),
    async insertPending(portrait) {
      const { shop, shopper, key, expiresAtMs } = portrait;
      const isPromise = (row: PortraitRow) => row.key === key && row.status === "pending" && row.queuedAtMs === null;
      const promised = rows.find((row) => isOf(shop, [shopper])(row) && isPromise(row));
      if (promised !== undefined)
        return recordOf(Object.assign(promised, { expiresAtMs: Math.max(promised.expiresAtMs, expiresAtMs) }));
      insert(portrait);
      return portrait;
    },
    find: async (shop, owners, id) => first((row) => isOf(shop, owners)(row) && row.id === id),
    findReady: async (shop, owners, key) =>
      first((row) => isOf(shop, owners)(row) && row.key === key && row.status === "ready" && row.hiddenAtMs === null),
    async findGiven(shop, objectName) {
      const given = rows
        .filter((row) => row.shop === shop && row.objectName === objectName && row.status === "ready")
        .sort((a, b) => b.expiresAtMs - a.expiresAtMs)[0];
      if (given === undefined) return undefined;
      const { width, height, contentType, backgroundKept, cutoutBy, expiresAtMs } = given;
      const picture = { width: width ?? 0, height: height ?? 0, contentType: contentType ?? "", backgroundKept };
      return { ...picture, objectName, cutoutBy: cutoutBy ?? "", expiresAtMs };
    },
    findActive: async (shop, owners, key) =>
      first((row) => isOf(shop, owners)(row) && row.key === key && isActive(row)),
    findByImageToken: async (token) => first((row) => row.imageToken === token),
    list: async (shop, owners, limit) =>
      all((row) => isOf(shop, owners)(row) && row.hiddenAtMs === null && row.status !== "cancelled").slice(0, limit),
    cancelledSince: async (shop, key, sinceMs) =>
      all(
        (row) =>
          row.shop === shop && row.key === key && row.status === "cancelled" && (row.finishedAtMs ?? 0) >= sinceMs,
        (a, b) => (a.finishedAtMs ?? 0) - (b.finishedAtMs ?? 0) || (a.id < b.id ? -1 : 1),
      ),
    wasGiven: async (shop, objectName) =>
      rows.some((row) => row.shop === shop && row.objectName === objectName && row.status === "ready" && !row.cached),
  };
}

const badEnd = (
  { orderedAtMs }: PortraitRow,
  error: PortraitError,
  finishedAtMs: number,
): Pick<PortraitRow, "status" | "error" | "finishedAtMs"> => ({
  status: orderedAtMs !== null && error.retryable ? "pending" : "failed",
  error,
  finishedAtMs,
});

type Moves = "waitingFor" | "setStage" | "finish" | "fail" | "failOne" | "cancel" | "hide";

function moves(rows: PortraitRow[], between: () => Promise<void>): Pick<PortraitRecords, Moves> {
  const waiting = (shop: string, key: string) =>
    rows.filter((row) => row.shop === shop && row.key === key && isActive(row)).sort(oldestFirst);
  /** One statement on a row that is still active, and of which the rest is true too. */
  const move = (
    id: string,
    facts: (row: PortraitRow) => Partial<PortraitRow>,
    may = (_row: PortraitRow) => true,
  ): PortraitRecord | undefined => {
    const row = rows.find((one) => one.id === id && isActive(one) && may(one));
    return row === undefined ? undefined : recordOf(Object.assign(row, { stage: null }, facts(row)));
  };
  const moveAll = async (
    { shop, key, may }: { shop: string; key: string; may?: (row: PortraitRow) => boolean },
    facts: (row: PortraitRow) => Partial<PortraitRow>,
  ): Promise<PortraitRecord[]> => {
    const moved: PortraitRecord[] = [];
    for (const { id } of waiting(shop, key)) {
      await between();
      const portrait = move(id, facts, may);
      if (portrait !== undefined) moved.push(portrait);
    }
    return moved;
  };
  return {
    waitingFor: async (shop, key) => waiting(shop, key).map(recordOf),
    async setStage(shop, key, stage, nowMs) {
      for (const row of waiting(shop, key)) row.startedAtMs ??= nowMs;
      await between();
      for (const row of waiting(shop, key)) Object.assign(row, { status: "making", stage });
    },
    finish: (shop, key, entry, { nowMs, imageToken, only }) =>
      moveAll({ shop, key, may: ({ id }) => only?.includes(id) !== false }, () => ({
        ...pictureOf(entry),
        status: "ready",
        finishedAtMs: nowMs,
        imageToken: imageToken(),
      })),
    fail: (shop, key, error, nowMs) =>
      moveAll({ shop, key, may: ({ paysFor }) => paysFor === null }, (row) => badEnd(row, error, nowMs)),
    failOne: async (id, error, { nowMs, hidden }) =>
      move(
        id,
        (row) => ({ ...badEnd(row, error, nowMs), hiddenAtMs: hidden ? nowMs : row.hiddenAtMs }),
        ({ paysFor }) => paysFor === null,
      ),
    cancel: async (id, nowMs) =>
      move(
        id,
        () => ({ status: "cancelled", finishedAtMs: nowMs, hiddenAtMs: nowMs }),
        ({ orderedAtMs }) => orderedAtMs === null,
      ),
    async hide(id, nowMs) {
      const row = rows.find((one) => one.id === id);
      if (row?.status === "pending" && row.orderedAtMs === null) row.status = "cancelled";
      if (row !== undefined) row.hiddenAtMs ??= nowMs;
    },
  };
}

function payers(
  rows: PortraitRow[],
  between: () => Promise<void>,
): Pick<PortraitRecords, "decidePayer" | "letPayerOff"> {
  const payerOf = (shop: string, objectName: string) =>
    rows.find((row) => row.shop === shop && row.paysFor === objectName);
  const decidePayer: PortraitRecords["decidePayer"] = async (portrait, objectName) => {
    const ownRow = () => rows.find(({ id, status }) => id === portrait.id && status !== "failed");
    const own = ownRow();
    if (own?.paysFor === null && payerOf(own.shop, objectName) === undefined) {
      own.paysFor = objectName;
      return portrait;
    }
    await between();
    const payer = payerOf(portrait.shop, objectName) ?? ownRow();
    if (payer === undefined) return undefined;
    return payer.paysFor === null ? decidePayer(portrait, objectName) : recordOf(payer);
  };
  return {
    decidePayer,
    async letPayerOff(id, objectName) {
      for (const row of rows) if (row.id === id && row.paysFor === objectName) row.paysFor = null;
    },
  };
}

function figures(rows: PortraitRow[]): Pick<PortraitRecords, "countWaiting" | "forgottenJobs" | "medianMakingMs"> {
  return {
    async countWaiting(shop, enough) {
      const waiting = rows.filter((row) => row.status === "queued").slice(0, enough);
      return { all: waiting.length, ofShop: waiting.filter((row) => row.shop === shop).length };
    },
    async forgottenJobs(beforeMs, limit) {
      const old = rows.filter((row) => isActive(row) && (row.queuedAtMs ?? row.createdAtMs) < beforeMs);
      const isOrdered = (job: { shop: string; key: string }) =>
        old.some(({ shop, key, orderedAtMs }) => shop === job.shop && key === job.key && orderedAtMs !== null);
      const jobs = new Map(old.map(({ shop, key }) => [`${shop}/${key}`, { shop, key }]));
      return [...jobs.values()].slice(0, limit).map((job) => ({ ...job, isOrdered: isOrdered(job) }));
    },
    async medianMakingMs(model, sample) {
      const durations = rows
        .filter((row) => row.model === model && row.status === "ready" && !row.cached)
        .sort(newestFirst)
        .flatMap(({ startedAtMs, finishedAtMs }) =>
          startedAtMs === null || finishedAtMs === null ? [] : [finishedAtMs - startedAtMs],
        )
        .slice(0, sample);
      return durations.sort((a, b) => a - b)[Math.floor(durations.length / 2)] ?? null;
    },
  };
}

function ordered(rows: PortraitRow[]): Pick<PortraitRecords, "shopsWithOrdered" | "orderedToPaint" | "putInLine"> {
  const due = (when: OrderedDue) =>
    rows.filter((row) => isDue(row, when)).sort((a, b) => orderedAt(a) - orderedAt(b) || (a.id < b.id ? -1 : 1));
  return {
    shopsWithOrdered: async (when, limit) => [...new Set(due(when).map(({ shop }) => shop))].slice(0, limit),
    orderedToPaint: async (shop, when, { limit, only }) =>
      due(when)
        .filter((row) => row.shop === shop && only?.includes(row.id) !== false)
        .slice(0, limit)
        .map(recordOf),
    async putInLine(id, { nowMs, ...painted }) {
      const row = rows.find((one) => one.id === id && one.orderedAtMs !== null && isUnpainted(one));
      if (row === undefined) return undefined;
      const inLine = {
        status: "queued",
        stage: "waiting",
        startedAtMs: null,
        finishedAtMs: null,
        error: null,
      } as const;
      return recordOf(Object.assign(row, painted, inLine, { queuedAtMs: nowMs, tries: row.tries + 1 }));
    },
  };
}

const orderedAt = ({ orderedAtMs }: PortraitRow): number => orderedAtMs ?? Infinity;
const isUnpainted = ({ status }: PortraitRow): boolean => ["pending", "failed", "cancelled"].includes(status);

function isDue(row: PortraitRow, { nowMs, firstPauseMs, mostTries }: OrderedDue): boolean {
  const { status, error, finishedAtMs, tries } = row;
  if (row.orderedAtMs === null || tries >= mostTries || !isUnpainted(row)) return false;
  if (status === "failed" && error?.retryable !== true) return false;
  if (finishedAtMs === null || finishedAtMs < row.orderedAtMs) return true;
  return finishedAtMs + firstPauseMs * 2 ** Math.max(tries - 1, 0) <= nowMs;
}
