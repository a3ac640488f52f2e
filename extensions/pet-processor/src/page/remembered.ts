import type { CropJson } from "../../../../app/http/storefront-api.ts";

/** The work on one product: ids, hashes and times only, never a picture, a name or a file. */
export type RememberedWork = {
  /** Null while the wish for it has no answer yet. */
  portraitId: string | null;
  wish?: RememberedWish;
  pets: RememberedPet[];
  atMs: number;
  /** When the form left with this portrait; until the cart has been looked at, it may or may not be in it. */
  submittedAtMs?: number;
};

/** `pending`: to be painted after the order. */
export type RememberedWish = { style: string; take: number; pending: boolean };

export type RememberedPet = { photoId: string | null; sourceSha256: string | null; crop: CropJson | null };

type Shelf = { session: string | null; products: Record<string, RememberedWork> };

export type Remembered = {
  session(): string | null;
  keepSession(token: string | null): void;
  work(productId: string): RememberedWork | null;
  keepWork(productId: string, work: Omit<RememberedWork, "atMs">): void;
  forgetWork(productId: string): void;
  /** Everything but the session, which goes with the answer to the deletion. */
  forgetAll(): void;
};

const storageKey = "pet-processor";
/** As long as the server keeps a session: what is older cannot be asked for any more. */
const keptForMs = 7 * 24 * 60 * 60 * 1000;
/** Who comes back later than this does not find a photo being sent and money being spent without having asked. */
const wishKeptForMs = 10 * 60 * 1000;
const productsKept = 20;

/**
 * Remembers through a reload in `storage`, or only as long as the page lives where storage is absent, full or forbidden.
 * Everything is read afresh each time: another tab may have written in between.
 */
export function createRemembered(storage: Storage | null, now: () => number): Remembered {
  let inPage: Shelf = { session: null, products: {} };

  function read(): Shelf {
    try {
      const raw = storage?.getItem(storageKey);
      const kept = raw ? (JSON.parse(raw) as Partial<Shelf>) : inPage;
      return { session: kept.session ?? null, products: kept.products ?? {} };
    } catch {
      return inPage;
    }
  }

  function write(change: (shelf: Shelf) => void): void {
    const shelf = read();
    change(shelf);
    const fresh = Object.entries(shelf.products)
      .filter(([, work]) => now() - work.atMs < keptForMs)
      .sort(([, a], [, b]) => b.atMs - a.atMs);
    inPage = { session: shelf.session, products: Object.fromEntries(fresh.slice(0, productsKept)) };
    try {
      storage?.setItem(storageKey, JSON.stringify(inPage));
    } catch {
      // A full or forbidden storage costs the shopper a reload's memory, not the portrait.
    }
  }

  return Object.freeze({
    session: () => read().session,
    keepSession: (token: string | null) => write((shelf) => void (shelf.session = token)),
    work(productId: string) {
      const work = read().products[productId];
      return work?.pets && now() - work.atMs < (work.wish ? wishKeptForMs : keptForMs) ? work : null;
    },
    keepWork: (productId: string, work: Omit<RememberedWork, "atMs">) =>
      write((shelf) => void (shelf.products[productId] = { ...work, atMs: now() })),
    forgetWork: (productId: string) => write((shelf) => void delete shelf.products[productId]),
    forgetAll: () => write((shelf) => void (shelf.products = {})),
  });
}
