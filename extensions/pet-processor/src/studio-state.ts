import type { PortraitJson } from "../../../app/http/storefront-api.ts";

/**
 * The studio's states and the only ways between them. Pure: no page, no network, no clock. What happens in a state that
 * has no place for it is a mistake of ours and throws.
 */

/** A photo by whatever we know of it; after a reload only the server's id is left. */
export type Photo = {
  id: string | null;
  /** Of the file that was picked, before it was shrunk. */
  sourceSha256: string | null;
  bytes: Blob | null;
  /** An address that the page can show. */
  preview: string | null;
};

/** Something went wrong; `code` chooses our sentence, `message` is the server's. */
export type Trouble = { code: string; message: string | null; retryable: boolean };

export type Blocked = { reason: "day" | "burst" | "address" | "budget" | "busy"; retryAt: string | null };

type Order = { photo: Photo; style: string; take: number };
/** `shown` is the portrait that stays on show, and in the product form, until another takes its place. */
type Choosing = { kind: "choosing"; photo: Photo; style: string; shown: PortraitJson | null };
type Refused = { kind: "blocked"; photo: Photo; style: string; shown: PortraitJson | null; blocked: Blocked };
type Working = Order & { kind: "working"; portrait: PortraitJson | null; shown: PortraitJson | null };
type Keeping = Order & { kind: "keeping" };
type Restoring = { kind: "restoring"; portraitId: string; photo: Photo };
type Result = { kind: "result"; portrait: PortraitJson; photo: Photo };
type Pending = { kind: "pending"; portrait: PortraitJson; photo: Photo };
type Added = { kind: "added"; portrait: PortraitJson; photo: Photo };
type InTrouble = { kind: "trouble"; trouble: Trouble; from: Working | Keeping | Restoring };
export type Empty = { kind: "empty" };
type Resting = Empty | Choosing | Refused | Result | Pending | Added | InTrouble;
/** `back` is where a photo that cannot be used leads. */
type Reading = { kind: "reading"; back: Resting; preview: string | null };

export type StudioState = Resting | Reading | Working | Keeping | Restoring;
export type StateKind = StudioState["kind"];

export type StudioEvent =
  | { type: "photo_picked"; preview: string | null }
  | { type: "photo_read"; photo: Photo; style: string; blocked: Blocked | null }
  | { type: "photo_refused" }
  | { type: "style_chosen"; style: string }
  | { type: "paint" }
  | { type: "another_take" }
  | { type: "another_style"; style: string; blocked: Blocked | null }
  | { type: "keep_shown" }
  | { type: "order_after" }
  /** With `photo` where the server has just given it an id. */
  | { type: "answered"; portrait: PortraitJson; photo?: Photo }
  | { type: "refused"; blocked: Blocked }
  | { type: "unblocked" }
  | { type: "failed"; trouble: Trouble }
  | { type: "retry" }
  | { type: "cancel" }
  | { type: "restore"; portraitId: string; photo: Photo }
  | { type: "forgotten" }
  | { type: "added" }
  | { type: "again" };

export const noPhoto: Photo = Object.freeze({ id: null, sourceSha256: null, bytes: null, preview: null });
export const emptyStudio: Empty = Object.freeze({ kind: "empty" });

type Steps = {
  [Kind in StateKind]: {
    [Type in StudioEvent["type"]]?: (
      state: Extract<StudioState, { kind: Kind }>,
      event: Extract<StudioEvent, { type: Type }>,
    ) => StudioState;
  };
};

const pick = (back: Resting, { preview }: { preview: string | null }): StudioState => ({
  kind: "reading",
  back,
  preview,
});

const steps: Steps = {
  empty: {
    photo_picked: pick,
    restore: (_, { portraitId, photo }) => ({ kind: "restoring", portraitId, photo }),
  },
  reading: {
    photo_read: (_, { photo, style, blocked }) => choosing({ photo, style, shown: null }, blocked),
    photo_refused: ({ back }) => back,
  },
  choosing: {
    photo_picked: pick,
    style_chosen: (state, { style }) => ({ ...state, style }),
    paint: ({ photo, style, shown }) => working({ photo, style, take: 1 }, shown),
    keep_shown: keepShown,
  },
  blocked: {
    photo_picked: pick,
    style_chosen: (state, { style }) => ({ ...state, style }),
    order_after: ({ photo, style }) => ({ kind: "keeping", photo, style, take: 1 }),
    unblocked: (state) => choosing(state, null),
    keep_shown: keepShown,
  },
  working: {
    answered: (state, { portrait, photo = state.photo }) => answered({ ...state, portrait, photo }),
    refused: (state, { blocked }) => choosing(state, blocked),
    failed: (from, { trouble }) => ({ kind: "trouble", trouble, from }),
    cancel: (state) => choosing(state, null),
  },
  keeping: {
    answered: (state, { portrait, photo = state.photo }) => answered({ ...state, portrait, photo, shown: null }),
    failed: (from, { trouble }) => ({ kind: "trouble", trouble, from }),
  },
  restoring: {
    answered: ({ photo }, { portrait }) =>
      answered({ photo, style: portrait.style, take: portrait.take, portrait, shown: null }),
    failed: (from, { trouble }) => ({ kind: "trouble", trouble, from }),
    forgotten: () => emptyStudio,
  },
  result: {
    photo_picked: pick,
    another_take: ({ photo, portrait }) =>
      working({ photo, style: portrait.style, take: Math.min(portrait.take + 1, 99) }, portrait),
    another_style: ({ photo, portrait }, { style, blocked }) => choosing({ photo, style, shown: portrait }, blocked),
    added: ({ photo, portrait }) => ({ kind: "added", photo, portrait }),
  },
  pending: {
    photo_picked: pick,
    another_style: ({ photo }, { style, blocked }) => choosing({ photo, style, shown: null }, blocked),
    added: ({ photo, portrait }) => ({ kind: "added", photo, portrait }),
  },
  added: {
    photo_picked: pick,
    again: ({ photo, portrait }) => onShow(photo, portrait),
  },
  trouble: {
    photo_picked: pick,
    retry: ({ from }) => from,
    another_style({ from }, { type, style, blocked }) {
      if (from.kind === "restoring") throw illegal("trouble while restoring", type);
      return choosing({ photo: from.photo, style, shown: from.kind === "working" ? from.shown : null }, blocked);
    },
    order_after({ from }, { type }) {
      if (from.kind === "restoring") throw illegal("trouble while restoring", type);
      return { kind: "keeping", photo: from.photo, style: from.style, take: from.take };
    },
    keep_shown: ({ from }) => keepShown(from.kind === "working" ? from : { photo: from.photo, shown: null }),
  },
};

/** The state after the event. Throws where the state has no such event. */
export function nextState(state: StudioState, event: StudioEvent): StudioState {
  const step = steps[state.kind][event.type] as ((state: StudioState, event: StudioEvent) => StudioState) | undefined;
  if (!step) throw illegal(state.kind, event.type);
  return step(state, event);
}

function illegal(state: string, event: string): Error {
  return new Error(`The studio has no "${event}" in the state "${state}".`);
}

/** Being made: queued or under the brush. */
export function isUnderWay(portrait: PortraitJson): boolean {
  return portrait.status === "queued" || portrait.status === "making";
}

/** The portrait that the product form may carry: the one on show, and only where it is ready or kept for the order. */
export function portraitForCart(state: StudioState): PortraitJson | null {
  if (state.kind === "result" || state.kind === "pending") return state.portrait;
  if (state.kind === "choosing" || state.kind === "blocked") return state.shown;
  if (state.kind === "trouble" && state.from.kind === "working") return state.from.shown;
  return null;
}

function choosing(from: Omit<Choosing, "kind">, blocked: Blocked | null): StudioState {
  const { photo, style, shown } = from;
  return blocked ? { kind: "blocked", photo, style, shown, blocked } : { kind: "choosing", photo, style, shown };
}

function working(order: Order, shown: PortraitJson | null): StudioState {
  return { kind: "working", ...order, portrait: null, shown };
}

function keepShown({ photo, shown }: { photo: Photo; shown: PortraitJson | null }): StudioState {
  if (!shown) throw illegal("with nothing on show", "keep_shown");
  return onShow(photo, shown);
}

function onShow(photo: Photo, portrait: PortraitJson): StudioState {
  return { kind: portrait.status === "pending" ? "pending" : "result", photo, portrait };
}

function answered(work: Omit<Working, "kind" | "portrait"> & { portrait: PortraitJson }): StudioState {
  const { photo, style, take, portrait, shown } = work;
  if (isUnderWay(portrait)) return { kind: "working", photo, style, take, portrait, shown };
  if (portrait.status === "cancelled") return choosing({ photo, style, shown }, null);
  if (portrait.status !== "failed") return onShow(photo, portrait);
  const { code, message, retryable } = portrait.error ?? { code: "unknown", message: null, retryable: true };
  // Without the failed portrait: trying again asks for it anew.
  return {
    kind: "trouble",
    trouble: { code, message, retryable },
    from: { kind: "working", photo, style, take, portrait: null, shown },
  };
}
