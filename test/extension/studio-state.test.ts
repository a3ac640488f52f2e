import { describe, expect, it } from "vitest";
import {
  emptyStudio,
  nextState,
  noPhoto,
  type Pet,
  type Photo,
  type StateKind,
  type StudioEvent,
  type StudioState,
} from "../../extensions/pet-processor/src/studio/studio-state.ts";
import { portraitForCart, slotsOf, workIn } from "../../extensions/pet-processor/src/studio/studio-selectors.ts";
import { portrait } from "./portraits.ts";

const photo: Photo = { ...noPhoto, sourceSha256: "ab".repeat(32) };
const pets: Pet[] = [{ slot: 1, photo, crop: null }];
const crop = { x: 0.25, y: 0, width: 0.5, height: 1, turn: 0 } as const;
const two: Pet[] = [...pets, { slot: 2, photo: { ...photo, sourceSha256: "cd".repeat(32) }, crop }];
const shown = portrait();
const making = portrait({ id: "por_0000000000000000000002", status: "making", stage: "painting", image: null });
const pending = portrait({ status: "pending", image: null });
const blocked = { reason: "day", retryAt: null } as const;
const trouble = { code: "network", message: null, retryable: true };
const order = { pets, style: "ink_wash", take: 1 };
const working: StudioState = { kind: "working", ...order, portrait: null, shown: null };

/** One of each kind, plus those whose data decide what may happen. */
const states = {
  empty: emptyStudio,
  reading: { kind: "reading", back: emptyStudio, preview: null, isBeside: false },
  choosing: { kind: "choosing", pets, at: 1, style: "ink_wash", shown: null },
  "choosing with one shown": { kind: "choosing", pets, at: null, style: "ink_wash", shown },
  blocked: { kind: "blocked", pets, at: 1, style: "ink_wash", shown: null, blocked },
  "blocked with one shown": { kind: "blocked", pets, at: null, style: "ink_wash", shown, blocked },
  working,
  keeping: { kind: "keeping", ...order },
  restoring: { kind: "restoring", portraitId: shown.id, pets },
  result: { kind: "result", portrait: shown, pets },
  pending: { kind: "pending", portrait: pending, pets },
  "result of the gallery": { kind: "result", portrait: shown, pets: [] },
  added: { kind: "added", portrait: shown, pets },
  "added, to be painted": { kind: "added", portrait: pending, pets },
  trouble: { kind: "trouble", trouble, from: working },
  "trouble with one shown": { kind: "trouble", trouble, from: { ...working, shown } },
  "trouble while keeping": { kind: "trouble", trouble, from: { kind: "keeping", ...order } },
  "trouble while restoring": { kind: "trouble", trouble, from: { kind: "restoring", portraitId: shown.id, pets } },
} satisfies Record<string, StudioState>;

const events = {
  photo_picked: { type: "photo_picked", preview: null },
  photo_read: { type: "photo_read", photo, style: "ink_wash", blocked: null },
  "photo_read at the limit": { type: "photo_read", photo, style: "ink_wash", blocked },
  photo_refused: { type: "photo_refused" },
  pet_shown: { type: "pet_shown", slot: 1 },
  pet_removed: { type: "pet_removed", slot: 1 },
  cropped: { type: "cropped", slot: 1, crop },
  style_chosen: { type: "style_chosen", style: "pen_and_marker" },
  paint: { type: "paint" },
  another_take: { type: "another_take" },
  another_style: { type: "another_style", style: "pen_and_marker", blocked: null },
  "another_style at the limit": { type: "another_style", style: "pen_and_marker", blocked },
  keep_shown: { type: "keep_shown" },
  order_after: { type: "order_after" },
  "answered: making": { type: "answered", portrait: making },
  "answered: ready": { type: "answered", portrait: shown },
  "answered: pending": { type: "answered", portrait: pending },
  "answered: failed": { type: "answered", portrait: portrait({ status: "failed", image: null }) },
  "answered: cancelled": { type: "answered", portrait: portrait({ status: "cancelled", image: null }) },
  refused: { type: "refused", blocked },
  unblocked: { type: "unblocked" },
  failed: { type: "failed", trouble },
  retry: { type: "retry" },
  cancel: { type: "cancel" },
  restore: { type: "restore", portraitId: shown.id, pets },
  wished_before: { type: "wished_before", ...order, pending: false },
  "wished_before for later": { type: "wished_before", ...order, pending: true },
  forgotten: { type: "forgotten" },
  portrait_picked: { type: "portrait_picked", portrait: shown, pets: [] },
  all_deleted: { type: "all_deleted" },
  added: { type: "added" },
  portrait_gone: { type: "portrait_gone" },
  again: { type: "again" },
} satisfies Record<string, StudioEvent>;

type EventName = keyof typeof events;

const answers = (otherwise: StateKind) => ({
  "answered: making": "working" as const,
  "answered: ready": "result" as const,
  "answered: pending": "pending" as const,
  "answered: failed": "trouble" as const,
  "answered: cancelled": otherwise,
});
const readPhoto = { photo_read: "choosing", "photo_read at the limit": "blocked" } as const;
/** What may always be done while nothing is under way. */
const atRest = { photo_picked: "reading", portrait_picked: "result", all_deleted: "empty" } as const;
const putTogether = (kind: "choosing" | "blocked") =>
  ({
    ...atRest,
    pet_shown: kind,
    pet_removed: "empty",
    cropped: kind,
    style_chosen: kind,
    portrait_gone: "empty",
  }) as const;
const anotherStyle = { another_style: "choosing", "another_style at the limit": "blocked" } as const;

/** Where each event leads. An event that is not named throws: there are no other ways. */
const table: Record<keyof typeof states, Partial<Record<EventName, StateKind>>> = {
  empty: {
    ...atRest,
    restore: "restoring",
    wished_before: "working",
    "wished_before for later": "keeping",
  },
  reading: { ...readPhoto, photo_picked: "reading", photo_refused: "empty" },
  choosing: { ...putTogether("choosing"), paint: "working" },
  "choosing with one shown": { ...putTogether("choosing"), paint: "working", keep_shown: "result" },
  blocked: { ...putTogether("blocked"), order_after: "keeping", unblocked: "choosing" },
  "blocked with one shown": {
    ...putTogether("blocked"),
    order_after: "keeping",
    unblocked: "choosing",
    keep_shown: "result",
  },
  working: {
    ...answers("choosing"),
    another_take: "working",
    refused: "blocked",
    failed: "trouble",
    cancel: "choosing",
  },
  keeping: { ...answers("choosing"), failed: "trouble" },
  restoring: { ...answers("choosing"), failed: "trouble", forgotten: "empty" },
  result: {
    ...atRest,
    another_take: "working",
    ...anotherStyle,
    forgotten: "working",
    added: "added",
    portrait_gone: "empty",
  },
  "result of the gallery": {
    ...atRest,
    another_take: "working",
    ...anotherStyle,
    forgotten: "empty",
    added: "added",
    portrait_gone: "empty",
  },
  pending: { ...atRest, ...anotherStyle, added: "added", portrait_gone: "empty" },
  added: { ...atRest, again: "result" },
  "added, to be painted": { ...atRest, again: "pending" },
  trouble: { ...atRest, retry: "working", ...anotherStyle, order_after: "keeping" },
  "trouble with one shown": {
    ...atRest,
    retry: "working",
    ...anotherStyle,
    order_after: "keeping",
    keep_shown: "result",
  },
  "trouble while keeping": { ...atRest, retry: "keeping", ...anotherStyle, order_after: "keeping" },
  "trouble while restoring": { ...atRest, retry: "restoring" },
};

/** Frozen to the bottom, so that a step that changes what it was given crashes here. */
function frozen<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null) Object.values(value).forEach(frozen);
  return Object.freeze(value);
}

describe("the studio's states", () => {
  for (const [stateName, state] of Object.entries(states)) {
    for (const [eventName, event] of Object.entries(events)) {
      const next = table[stateName as keyof typeof states][eventName as EventName];
      it(`${stateName}: ${eventName} ${next ? `leads to ${next}` : "is refused"}`, () => {
        const step = () => nextState(frozen(state), frozen(event));
        if (next) expect(step().kind).toBe(next);
        else expect(step).toThrow(eventName.split(/[: ]/)[0]);
      });
    }
  }

  it("counts a take up from the portrait on show, and never past 99", () => {
    const takes = [1, 98, 99].map((take) => {
      const next = nextState({ kind: "result", portrait: portrait({ take }), pets }, { type: "another_take" });
      return next.kind === "working" && next.take;
    });
    expect(takes).toEqual([2, 99, 99]);
    // The next one may have been seen before.
    const further = nextState({ ...working, take: 2, shown }, { type: "another_take" });
    expect(further).toEqual({ ...working, take: 3, shown });
  });

  it("keeps the photo and the style through trouble, so that trying again is the same order", () => {
    const failed = nextState(states.working, { type: "failed", trouble });
    expect(nextState(failed, { type: "retry" })).toEqual(states.working);
  });

  it("asks anew after a portrait has failed, and goes on with one that is under way", () => {
    const failed = nextState(states.working, events["answered: failed"]);
    expect(nextState(failed, { type: "retry" })).toMatchObject({ kind: "working", portrait: null });
    const lost = nextState({ ...working, portrait: making }, { type: "failed", trouble });
    expect(nextState(lost, { type: "retry" })).toMatchObject({ kind: "working", portrait: making });
  });

  it("begins again with the photos that this page still has, once the portrait on show is not kept any more", () => {
    const here = two.map((pet) => ({ ...pet, photo: { ...pet.photo, preview: "blob:here" } }));
    const again = { kind: "choosing", pets: here, at: 1, style: shown.style, shown: null };
    expect(nextState({ ...states.result, pets: here }, events.portrait_gone)).toEqual(again);
    expect(nextState({ ...states["blocked with one shown"], pets: here }, events.portrait_gone)).toEqual({
      ...again,
      kind: "blocked",
      style: "ink_wash",
      blocked,
    });
    const [half] = here;
    expect(nextState({ ...states.result, pets: [half!, two[1]!] }, events.portrait_gone)).toEqual(emptyStudio);
  });

  it("goes back to where it was when a new photo cannot be used", () => {
    const reading = nextState(states.result, { type: "photo_picked", preview: null });
    expect(nextState(reading, { type: "photo_refused" })).toEqual(states.result);
  });

  it("reads the last photo that was picked, and still knows the way back", () => {
    const first = nextState(states.result, { type: "photo_picked", preview: "blob:first" });
    const second = nextState(first, { type: "photo_picked", preview: "blob:second" });
    expect(second).toEqual({ kind: "reading", back: states.result, preview: "blob:second", isBeside: false });
  });

  it("carries nothing of an old photo once a new one is there", () => {
    const reading = nextState(states.result, { type: "photo_picked", preview: null });
    const next = nextState(reading, events.photo_read);
    expect(next).toMatchObject({ kind: "choosing", shown: null });
    expect(portraitForCart(next)).toBeNull();
  });

  it("takes the photos' new ids along with the answer", () => {
    const known: Pet[] = [{ slot: 1, photo: { ...photo, id: "pht_0000000000000000000001" }, crop }];
    expect(nextState(states.working, { type: "answered", portrait: making, pets: known })).toMatchObject({
      pets: known,
    });
  });

  const petsAfter = (state: StudioState, isBeside: boolean) => {
    const reading = nextState(state, { type: "photo_picked", preview: null, isBeside });
    const next = nextState(reading, { type: "photo_read", photo: noPhoto, style: "pen_and_marker", blocked: null });
    return next.kind === "choosing" ? next : null;
  };

  it("takes one more pet beside the others, in a slot of its own, and keeps their crops and the style", () => {
    const state = { ...states.choosing, pets: two.slice(1), at: 2 };
    expect(petsAfter(state, true)).toEqual({
      kind: "choosing",
      pets: [two[1], { slot: 3, photo: noPhoto, crop: null }],
      at: 3,
      style: "ink_wash",
      shown: null,
    });
  });

  it("puts another photo in the place of the one in the frame, without its crop, and leaves the others alone", () => {
    expect(petsAfter({ ...states.choosing, pets: two, at: 2 }, false)).toMatchObject({
      pets: [two[0], { slot: 2, photo: noPhoto, crop: null }],
      at: 2,
    });
  });

  it("begins anew with one pet from anywhere else, also where one more was asked for", () => {
    for (const isBeside of [true, false])
      expect(petsAfter({ ...states.result, pets: two }, isBeside)).toMatchObject({
        pets: [{ slot: 1, photo: noPhoto, crop: null }],
        style: "pen_and_marker",
      });
  });

  it("crops one pet and no other", () => {
    const next = nextState({ ...states.choosing, pets: two, at: 1 }, { type: "cropped", slot: 1, crop });
    expect(next).toMatchObject({ pets: [{ slot: 1, crop }, two[1]] });
  });

  it("takes a pet out of the picture, and carries no portrait that shows it any more", () => {
    const state = { ...states["choosing with one shown"], pets: two };
    const next = nextState(state, { type: "pet_removed", slot: 2 });
    expect(next).toMatchObject({ kind: "choosing", pets: [two[0]], at: 1, shown: null });
    expect(portraitForCart(next)).toBeNull();
  });

  it("asks for names of as many pets as there are, and of one where nobody knows", () => {
    expect([slotsOf({ ...states.result, pets: two }), slotsOf(states["result of the gallery"])]).toEqual([[1, 2], [1]]);
  });

  it("leaves to the next visit the portrait that is on show or under way, or the wish that has no answer yet", () => {
    const photos = [{ photoId: null, sourceSha256: "ab".repeat(32), crop: null }];
    const wish = { style: "ink_wash", take: 1 };
    const left = Object.entries(states).map(([name, state]) => [name, workIn(state)] as const);
    const portraits = left.filter(([, work]) => work?.portraitId).map(([name]) => name);
    expect(portraits).toEqual([
      "choosing with one shown",
      "blocked with one shown",
      "result",
      "pending",
      "result of the gallery",
      "added",
      "added, to be painted",
      "trouble with one shown",
    ]);
    expect(left.filter(([, work]) => work?.wish)).toEqual([
      ["working", { portraitId: null, wish: { ...wish, pending: false }, pets: photos }],
      ["keeping", { portraitId: null, wish: { ...wish, pending: true }, pets: photos }],
    ]);
    expect(workIn({ ...working, portrait: making })).toEqual({ portraitId: making.id, pets: photos });
  });

  it("gives the product form only what is on show and ready, or kept for the order", () => {
    const carried = Object.entries(states).filter(([, state]) => portraitForCart(state) !== null);
    expect(carried.map(([name]) => name)).toEqual([
      "choosing with one shown",
      "blocked with one shown",
      "result",
      "pending",
      "result of the gallery",
      "trouble with one shown",
    ]);
  });
});
