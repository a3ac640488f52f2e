import type { CropJson, PortraitJson, SessionJson } from "../../../../app/http/storefront-api.ts";
import type { Pet } from "./studio-state.ts";

/**
 * What was painted in this browser in the last seven days, found again without asking the server: portraits by what they
 * were wished for, and photos by their hash, so that a reload can compare and crop again. In IndexedDB, which takes files
 * as they are. All of it is convenience: nothing here ever fails, it only finds nothing.
 */
export type Instant = {
  portrait(wish: string | null): Promise<PortraitJson | null>;
  keepPortrait(wish: string | null, portrait: PortraitJson): void;
  drop(wish: string | null): void;
  /** The photos and crops behind a portrait that was painted in this browser; none where that is not known any more. */
  origin(portraitId: string): Promise<Origin[]>;
  photo(sourceSha256: string | null): Promise<KeptPhoto | null>;
  keepPhoto(sourceSha256: string | null, photo: KeptPhoto): void;
  /** Everything, at the shopper's word. */
  clear(): void;
};

export type Origin = { sourceSha256: string; crop: CropJson | null };
export type KeptPhoto = { bytes: Blob; width: number; height: number };

export type InstantOptions = {
  storage: IDBFactory | undefined;
  now(): number;
  /** Whether the shopper lets the shop remember what is not needed; asked before anything is read or written. */
  mayRemember(): Promise<boolean>;
};

type Kept = { key: string; atMs: number };

const name = "pet-processor";
const keptForMs = 7 * 24 * 60 * 60 * 1000;
const kinds = { portraits: 100, photos: 12 } as const;
type Kind = keyof typeof kinds;

export function createInstant({ storage, now, mayRemember }: InstantOptions): Instant {
  let opening: Promise<IDBDatabase | null> | null = null;
  const open = () => (opening ??= mayRemember().then((allowed) => (allowed ? openSwept() : refused())));

  async function openSwept(): Promise<IDBDatabase | null> {
    const database = await openDatabase(storage);
    if (database) swept(database, now());
    return database;
  }

  /** Who has allowed it once and does so no more has nothing of theirs left here. */
  async function refused(): Promise<null> {
    await answer(() => (storage as IDBFactory).deleteDatabase(name));
    return null;
  }

  async function find<Value>(kind: Kind, key: string | null): Promise<(Kept & Value) | null> {
    const database = key ? await open() : null;
    if (!database || !key) return null;
    const kept = await answer(() => on(database, kind, "readonly").get(key) as IDBRequest<(Kept & Value) | undefined>);
    return kept && now() - kept.atMs < keptForMs ? kept : null;
  }

  async function all<Value>(kind: Kind): Promise<(Kept & Value)[]> {
    const database = await open();
    if (!database) return [];
    const kept = await answer(() => on(database, kind, "readonly").getAll() as IDBRequest<(Kept & Value)[]>);
    return (kept ?? []).filter(({ atMs }) => now() - atMs < keptForMs);
  }

  async function keep(kind: Kind, key: string | null, value: object): Promise<void> {
    if (!key || !(await mayRemember())) return;
    const database = await open();
    if (database) await answer(() => on(database, kind, "readwrite").put({ ...value, key, atMs: now() }));
  }

  return Object.freeze({
    portrait: async (wish: string | null) =>
      (await find<{ portrait: PortraitJson }>("portraits", wish))?.portrait ?? null,
    keepPortrait: (wish: string | null, portrait: PortraitJson) => void keep("portraits", wish, { portrait }),
    drop: (wish: string | null) =>
      void open().then(
        (database) => database && wish && answer(() => on(database, "portraits", "readwrite").delete(wish)),
      ),
    origin: async (portraitId: string) => originIn(await all<{ portrait: PortraitJson }>("portraits"), portraitId),
    photo: (sourceSha256: string | null) => find<KeptPhoto>("photos", sourceSha256),
    keepPhoto: (sourceSha256: string | null, photo: KeptPhoto) => void keep("photos", sourceSha256, photo),
    clear: () =>
      void open().then((database) => {
        for (const kind of database ? kindNames : [])
          void answer(() => on(database as IDBDatabase, kind, "readwrite").clear());
      }),
  });
}

/** All that decides what a portrait looks like, as the page knows it; null where a photo has no hash to be known by. */
export function wishOf(
  { pets, style, take }: { pets: readonly Pet[]; style: string; take: number },
  { styles }: Pick<SessionJson, "styles">,
): string | null {
  const photos = pets.map(({ photo, crop }) => photo.sourceSha256 && [photo.sourceSha256, crop]);
  const revision = styles.find(({ id }) => id === style)?.revision;
  if (photos.length === 0 || photos.includes(null) || revision === undefined) return null;
  return JSON.stringify([photos, style, revision, take]);
}

/** A wish says it all; here it is read back. */
function originIn(kept: readonly (Kept & { portrait: PortraitJson })[], portraitId: string): Origin[] {
  const wish = kept.find(({ portrait }) => portrait.id === portraitId)?.key;
  const [photos] = (wish ? JSON.parse(wish) : [[]]) as [[string, CropJson | null][]];
  return photos.map(([sourceSha256, crop]) => ({ sourceSha256, crop }));
}

const kindNames = Object.keys(kinds) as Kind[];

function openDatabase(storage: IDBFactory | undefined): Promise<IDBDatabase | null> {
  return answer(() => {
    const request = (storage as IDBFactory).open(name, 1);
    request.onupgradeneeded = () => {
      for (const kind of kindNames)
        request.result.createObjectStore(kind, { keyPath: "key" }).createIndex("atMs", "atMs");
    };
    return request;
  });
}

const on = (database: IDBDatabase, kind: Kind, mode: IDBTransactionMode) =>
  database.transaction(kind, mode).objectStore(kind);

/** Null where the browser forbids, has no room, or does not answer. */
function answer<Value>(ask: () => IDBRequest<Value>): Promise<Value | null> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(null), 1_000);
    try {
      const request = ask();
      request.onsuccess = () => resolve(request.result);
      request.onerror = (event) => (event.preventDefault(), resolve(null));
    } catch {
      resolve(null);
    }
  });
}

/** Throws away what is too old, and the oldest of what is too many. */
function swept(database: IDBDatabase, nowMs: number): void {
  for (const kind of kindNames) {
    let count = 0;
    const newestFirst = on(database, kind, "readwrite").index("atMs").openCursor(null, "prev");
    newestFirst.onsuccess = () => {
      const cursor = newestFirst.result;
      if (!cursor) return;
      count += 1;
      if (count > kinds[kind] || nowMs - (cursor.value as Kept).atMs >= keptForMs) cursor.delete();
      cursor.continue();
    };
  }
}
