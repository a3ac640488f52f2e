import type { CropJson, PortraitJson } from "../../../../app/http/storefront-api.ts";
import type { PhotoFlaw } from "../photo/photo-file.ts";

/**
 * The studio's states and the only ways between them. Pure: no page, no network, no clock. What happens in a state that
 * has no place for it is a mistake of ours and throws.
 */

/** A photo by whatever we know of it; after a reload perhaps only by the server's id. */
export type Photo = {
  id: string | null;
  /** Of the file that was picked, before it was shrunk. */
  sourceSha256: string | null;
  bytes: Blob | null;
  /** An address that the page can show. */
  preview: string | null;
  /** Upright pixels; 0 where the browser cannot open it. */
  width: number;
  height: number;
  /** What is not so good about it, seen before it is sent. */
  flaws: readonly PhotoFlaw[];
};

/** One pet of the picture. The slot is its own for as long as the picture is being put together, whoever leaves it. */
export type Pet = { slot: number; photo: Photo; crop: CropJson | null };

/** Something went wrong; `code` chooses our sentence, `message` is the server's. */
export type Trouble = { code: string; message: string | null; retryable: boolean };

export type Blocked = { reason: "day" | "burst" | "address" | "budget" | "busy"; retryAt: string | null };

type Order = { pets: Pet[]; style: string; take: number };
/** `shown` is the portrait that stays on show, and in the product form, until another takes its place. */
type Choice = {
  pets: Pet[];
  /** Whose photo is in the frame; null where the portrait that stays on show is. */
  at: number | null;
  style: string;
  shown: PortraitJson | null;
};
type Choosing = Choice & { kind: "choosing" };
type Refused = Choice & { kind: "blocked"; blocked: Blocked };
type Working = Order & { kind: "working"; portrait: PortraitJson | null; shown: PortraitJson | null };
type Keeping = Order & { kind: "keeping" };
type Restoring = { kind: "restoring"; portraitId: string; pets: Pet[] };
type Result = { kind: "result"; portrait: PortraitJson; pets: Pet[] };
type Pending = { kind: "pending"; portrait: PortraitJson; pets: Pet[] };
type Added = { kind: "added"; portrait: PortraitJson; pets: Pet[] };
type InTrouble = { kind: "trouble"; trouble: Trouble; from: Working | Keeping | Restoring };
export type Empty = { kind: "empty" };
type Resting = Empty | Choosing | Refused | Result | Pending | Added | InTrouble;
/** `back` is where a photo that cannot be used leads; one that can begins anew there, or comes beside the others. */
type Reading = { kind: "reading"; back: Resting; preview: string | null; isBeside: boolean };

export type StudioState = Resting | Reading | Working | Keeping | Restoring;
export type StateKind = StudioState["kind"];

export type StudioEvent =
  /** `isBeside`: one more pet, and not another photo of the one in the frame. */
  | { type: "photo_picked"; preview: string | null; isBeside?: boolean }
  | { type: "photo_read"; photo: Photo; style: string; blocked: Blocked | null }
  | { type: "photo_refused" }
  | { type: "pet_shown"; slot: number }
  | { type: "pet_removed"; slot: number }
  | { type: "cropped"; slot: number; crop: CropJson | null }
  | { type: "style_chosen"; style: string }
  | { type: "paint" }
  | { type: "another_take" }
  | { type: "another_style"; style: string; blocked: Blocked | null }
  | { type: "keep_shown" }
  | { type: "order_after" }
  /** With `pets` where the server has just given their photos ids. */
  | { type: "answered"; portrait: PortraitJson; pets?: Pet[] }
  | { type: "refused"; blocked: Blocked }
  | { type: "unblocked" }
  | { type: "failed"; trouble: Trouble }
  | { type: "retry" }
  | { type: "cancel" }
  | { type: "restore"; portraitId: string; pets: Pet[] }
  /** A wish that had no answer yet when the page went away. */
  | { type: "wished_before"; pets: Pet[]; style: string; take: number; pending: boolean }
  /** The server has it no more. */
  | { type: "forgotten" }
  /** An earlier portrait is put on show; `pets` where this page still knows of what. */
  | { type: "portrait_picked"; portrait: PortraitJson; pets: Pet[] }
  /** The one on show is not kept any more. */
  | { type: "portrait_gone" }
  /** The shopper had everything deleted. */
  | { type: "all_deleted" }
  | { type: "added" }
  | { type: "again" };

export const noPhoto: Photo = Object.freeze({
  id: null,
  sourceSha256: null,
  bytes: null,
  preview: null,
  width: 0,
  height: 0,
  flaws: [],
});
export const emptyStudio: Empty = Object.freeze({ kind: "empty" });

type Steps = {
  [Kind in StateKind]: {
    [Type in StudioEvent["type"]]?: (
      state: Extract<StudioState, { kind: Kind }>,
      event: Extract<StudioEvent, { type: Type }>,
    ) => StudioState;
  };
};

const pick = (
  back: Resting,
  { preview, isBeside = false }: { preview: string | null; isBeside?: boolean },
): Reading => ({
  kind: "reading",
  back,
  preview,
  isBeside: isBeside && "at" in back,
});

/** What may always be done while nothing is under way. */
const atRest = {
  photo_picked: pick,
  portrait_picked: (_: Resting, { pets, portrait }: { pets: Pet[]; portrait: PortraitJson }) => onShow(pets, portrait),
  all_deleted: () => emptyStudio,
};

const steps: Steps = {
  empty: {
    ...atRest,
    restore: (_, { portraitId, pets }) => ({ kind: "restoring", portraitId, pets }),
    wished_before: (_, { pets, style, take, pending }) =>
      pending ? { kind: "keeping", pets, style, take } : working({ pets, style, take }, null),
  },
  reading: {
    // A shopper who picks again means the last one.
    photo_picked: ({ back }, event) => pick(back, event),
    photo_read: (state, event) => choosing(withPhoto(state, event), event.blocked),
    photo_refused: ({ back }) => back,
  },
  choosing: {
    ...atRest,
    ...putTogether(),
    paint: ({ pets, style, shown }) => working({ pets, style, take: 1 }, shown),
    keep_shown: keepShown,
    portrait_gone: withoutPortrait,
  },
  blocked: {
    ...atRest,
    ...putTogether(),
    order_after: ({ pets, style }) => ({ kind: "keeping", pets, style, take: 1 }),
    unblocked: (state) => choosing(state, null),
    keep_shown: keepShown,
    portrait_gone: withoutPortrait,
  },
  working: {
    answered: (state, { portrait, pets = state.pets }) => answered({ ...state, portrait, pets }),
    /** The shopper has seen this one already. */
    another_take: (state) => working({ ...state, take: takeAfter(state.take) }, state.shown),
    refused: (state, { blocked }) => choosing(chosenAgain(state), blocked),
    failed: (from, { trouble }) => ({ kind: "trouble", trouble, from }),
    cancel: (state) => choosing(chosenAgain(state), null),
  },
  keeping: {
    answered: (state, { portrait, pets = state.pets }) => answered({ ...state, portrait, pets, shown: null }),
    failed: (from, { trouble }) => ({ kind: "trouble", trouble, from }),
  },
  restoring: {
    answered: ({ pets }, { portrait }) =>
      answered({ pets, style: portrait.style, take: portrait.take, portrait, shown: null }),
    failed: (from, { trouble }) => ({ kind: "trouble", trouble, from }),
    forgotten: () => emptyStudio,
  },
  result: {
    ...atRest,
    another_take: ({ pets, portrait }) =>
      working({ pets, style: portrait.style, take: takeAfter(portrait.take) }, portrait),
    another_style: ({ pets, portrait }, { style, blocked }) =>
      choosing({ pets, at: null, style, shown: portrait }, blocked),
    forgotten: ({ pets, portrait }) =>
      pets.length > 0 ? working({ pets, style: portrait.style, take: portrait.take }, null) : emptyStudio,
    added: ({ pets, portrait }) => ({ kind: "added", pets, portrait }),
    portrait_gone: withoutPortrait,
  },
  pending: {
    ...atRest,
    another_style: ({ pets }, { style, blocked }) => choosing(chosenAgain({ pets, style, shown: null }), blocked),
    added: ({ pets, portrait }) => ({ kind: "added", pets, portrait }),
    portrait_gone: withoutPortrait,
  },
  added: {
    ...atRest,
    again: ({ pets, portrait }) => onShow(pets, portrait),
  },
  trouble: {
    ...atRest,
    retry: ({ from }) => from,
    another_style({ from }, { type, style, blocked }) {
      if (from.kind === "restoring") throw illegal("trouble while restoring", type);
      const shown = from.kind === "working" ? from.shown : null;
      return choosing(chosenAgain({ pets: from.pets, style, shown }), blocked);
    },
    order_after({ from }, { type }) {
      if (from.kind === "restoring") throw illegal("trouble while restoring", type);
      return { kind: "keeping", pets: from.pets, style: from.style, take: from.take };
    },
    keep_shown: ({ from }) => keepShown(from.kind === "working" ? from : { pets: from.pets, shown: null }),
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

/** What can be done to the picture before it is painted, the same with and without the leave to paint it. */
function putTogether() {
  type Open = Choosing | Refused;
  const change = (state: Open, slot: number, crop: CropJson | null): Pet[] =>
    state.pets.map((pet) => (pet.slot === slot ? { ...pet, crop } : pet));
  return {
    style_chosen: (state: Open, { style }: { style: string }): StudioState => ({ ...state, style }),
    cropped: (state: Open, { slot, crop }: { slot: number; crop: CropJson | null }): StudioState => ({
      ...state,
      pets: change(state, slot, crop),
    }),
    pet_shown: (state: Open, { slot }: { slot: number }): StudioState => ({ ...state, at: slot }),
    pet_removed(state: Open, { slot }: { slot: number }): StudioState {
      const pets = state.pets.filter((pet) => pet.slot !== slot);
      return pets.length > 0 ? { ...state, pets, at: pets.at(-1)?.slot ?? null, shown: null } : emptyStudio;
    },
  };
}

/** The pets once a photo has been read. A new photo never carries an old portrait, nor an old crop. */
function withPhoto({ back, isBeside }: Reading, { photo, style }: { photo: Photo; style: string }): Choice {
  const first: Pet = { slot: 1, photo, crop: null };
  if (back.kind !== "choosing" && back.kind !== "blocked") return { pets: [first], at: 1, style, shown: null };
  const { pets } = back;
  if (isBeside) {
    const slot = Math.max(0, ...pets.map((pet) => pet.slot)) + 1;
    return { pets: [...pets, { slot, photo, crop: null }], at: slot, style: back.style, shown: null };
  }
  const at = back.at ?? pets[0]?.slot ?? 1;
  const replaced = pets.map((pet) => (pet.slot === at ? { slot: at, photo, crop: null } : pet));
  return { pets: replaced.length > 0 ? replaced : [first], at, style: back.style, shown: null };
}

function chosenAgain({ pets, style, shown }: Pick<Working, "pets" | "style" | "shown">): Choice {
  return { pets, style, shown, at: shown ? null : (pets[0]?.slot ?? null) };
}

/** What this page still has of the photos can be painted again. */
function withoutPortrait(state: Choosing | Refused | Result | Pending): StudioState {
  const { pets } = state;
  if (pets.length === 0 || !pets.every(({ photo }) => photo.preview)) return emptyStudio;
  const style = "style" in state ? state.style : state.portrait.style;
  return choosing(chosenAgain({ pets, style, shown: null }), state.kind === "blocked" ? state.blocked : null);
}

function choosing(from: Choice, blocked: Blocked | null): StudioState {
  const { pets, at, style, shown } = from;
  return blocked ? { kind: "blocked", pets, at, style, shown, blocked } : { kind: "choosing", pets, at, style, shown };
}

/** A photo and a style have so many takes; the last one is asked for again and again. */
export const lastTake = 99;

const takeAfter = (take: number) => Math.min(take + 1, lastTake);

function working(order: Order, shown: PortraitJson | null): Working {
  return { kind: "working", ...order, portrait: null, shown };
}

function keepShown({ pets, shown }: { pets: Pet[]; shown: PortraitJson | null }): StudioState {
  if (!shown) throw illegal("with nothing on show", "keep_shown");
  return onShow(pets, shown);
}

function onShow(pets: Pet[], portrait: PortraitJson): StudioState {
  return { kind: portrait.status === "pending" ? "pending" : "result", pets, portrait };
}

function answered(work: Omit<Working, "kind" | "portrait"> & { portrait: PortraitJson }): StudioState {
  const { pets, style, take, portrait, shown } = work;
  if (isUnderWay(portrait)) return { kind: "working", pets, style, take, portrait, shown };
  if (portrait.status === "cancelled") return choosing(chosenAgain(work), null);
  if (portrait.status !== "failed") return onShow(pets, portrait);
  const { code, message, retryable } = portrait.error ?? { code: "unknown", message: null, retryable: true };
  // Without the failed portrait: trying again asks for it anew.
  return { kind: "trouble", trouble: { code, message, retryable }, from: working({ pets, style, take }, shown) };
}
