import { isActive, pictureOf, type PortraitRecord, type PortraitRecords } from "#app/portraits/portrait-records.ts";

/** A row as the database has it: beside the record, when it ended, when it left its shopper's list, what it pays for. */
export type PortraitRow = PortraitRecord & {
  finishedAtMs: number | null;
  hiddenAtMs: number | null;
  paysFor: string | null;
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
  });
  return { records, rows };
}

const recordOf = ({ finishedAtMs: _f, hiddenAtMs: _h, paysFor: _p, ...record }: PortraitRow): PortraitRecord =>
  structuredClone(record);

const oldestFirst = (a: PortraitRow, b: PortraitRow): number => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1);
const newestFirst = (a: PortraitRow, b: PortraitRow): number => -oldestFirst(a, b);

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
    rows.push({ ...structuredClone(portrait), finishedAtMs, hiddenAtMs: null, paysFor: null });
  };
  return {
    async insertActive(portrait) {
      const { shop, shopper, key } = portrait;
      const other = first((row) => isOf(shop, [shopper])(row) && row.key === key && isActive(row));
      if (other !== undefined) return { portrait: other, inserted: false };
      insert(portrait);
      return { portrait, inserted: true };
    },
    insertSettled: async (portrait) => insert(portrait),
    async insertPending(portrait) {
      const { shop, shopper, key, expiresAtMs } = portrait;
      const isPromise = (row: PortraitRow) => row.key === key && row.status === "pending";
      const promised = rows.find((row) => isOf(shop, [shopper])(row) && isPromise(row));
      if (promised !== undefined) return recordOf(Object.assign(promised, { expiresAtMs }));
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

type Moves = "waitingFor" | "setStage" | "finish" | "fail" | "failOne" | "cancel" | "hide";

function moves(rows: PortraitRow[], between: () => Promise<void>): Pick<PortraitRecords, Moves> {
  const waiting = (shop: string, key: string) =>
    rows.filter((row) => row.shop === shop && row.key === key && isActive(row)).sort(oldestFirst);
  /** One statement on a row that is still active, and of which the rest is true too. */
  const move = (
    id: string,
    facts: Partial<PortraitRow>,
    may = (_row: PortraitRow) => true,
  ): PortraitRecord | undefined => {
    const row = rows.find((one) => one.id === id && isActive(one) && may(one));
    return row === undefined ? undefined : recordOf(Object.assign(row, { stage: null }, facts));
  };
  const moveAll = async (
    { shop, key, may }: { shop: string; key: string; may?: (row: PortraitRow) => boolean },
    facts: () => Partial<PortraitRow>,
  ): Promise<PortraitRecord[]> => {
    const moved: PortraitRecord[] = [];
    for (const { id } of waiting(shop, key)) {
      await between();
      const portrait = move(id, facts(), may);
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
      moveAll({ shop, key, may: ({ paysFor }) => paysFor === null }, () => ({
        status: "failed",
        error,
        finishedAtMs: nowMs,
      })),
    failOne: async (id, error, { nowMs, hidden }) =>
      move(
        id,
        { status: "failed", error, finishedAtMs: nowMs, hiddenAtMs: hidden ? nowMs : null },
        ({ paysFor }) => paysFor === null,
      ),
    cancel: async (id, nowMs) => move(id, { status: "cancelled", finishedAtMs: nowMs, hiddenAtMs: nowMs }),
    async hide(id, nowMs) {
      const row = rows.find((one) => one.id === id);
      if (row?.status === "pending") row.status = "cancelled";
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
      const old = rows.filter((row) => isActive(row) && row.createdAtMs < beforeMs);
      const jobs = new Map(old.map(({ shop, key }) => [`${shop}/${key}`, { shop, key }]));
      return [...jobs.values()].slice(0, limit);
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
