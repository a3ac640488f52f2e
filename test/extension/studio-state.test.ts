import { describe, expect, it } from "vitest";
import {
  emptyStudio,
  nextState,
  noPhoto,
  portraitForCart,
  type Photo,
  type StateKind,
  type StudioEvent,
  type StudioState,
} from "../../extensions/pet-processor/src/studio-state.ts";
import { portrait } from "./portraits.ts";

const photo: Photo = { ...noPhoto, sourceSha256: "ab".repeat(32) };
const shown = portrait();
const making = portrait({ id: "por_0000000000000000000002", status: "making", stage: "painting", image: null });
const pending = portrait({ status: "pending", image: null });
const blocked = { reason: "day", retryAt: null } as const;
const trouble = { code: "network", message: null, retryable: true };
const order = { photo, style: "ink_wash", take: 1 };
const working: StudioState = { kind: "working", ...order, portrait: null, shown: null };

/** One of each kind, plus those whose data decide what may happen. */
const states = {
  empty: emptyStudio,
  reading: { kind: "reading", back: emptyStudio, preview: null },
  choosing: { kind: "choosing", photo, style: "ink_wash", shown: null },
  "choosing with one shown": { kind: "choosing", photo, style: "ink_wash", shown },
  blocked: { kind: "blocked", photo, style: "ink_wash", shown: null, blocked },
  "blocked with one shown": { kind: "blocked", photo, style: "ink_wash", shown, blocked },
  working,
  keeping: { kind: "keeping", ...order },
  restoring: { kind: "restoring", portraitId: shown.id, photo },
  result: { kind: "result", portrait: shown, photo },
  pending: { kind: "pending", portrait: pending, photo },
  added: { kind: "added", portrait: shown, photo },
  "added, to be painted": { kind: "added", portrait: pending, photo },
  trouble: { kind: "trouble", trouble, from: working },
  "trouble with one shown": { kind: "trouble", trouble, from: { ...working, shown } },
  "trouble while keeping": { kind: "trouble", trouble, from: { kind: "keeping", ...order } },
  "trouble while restoring": { kind: "trouble", trouble, from: { kind: "restoring", portraitId: shown.id, photo } },
} satisfies Record<string, StudioState>;

const events = {
  photo_picked: { type: "photo_picked", preview: null },
  photo_read: { type: "photo_read", photo, style: "ink_wash", blocked: null },
  "photo_read at the limit": { type: "photo_read", photo, style: "ink_wash", blocked },
  photo_refused: { type: "photo_refused" },
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
  restore: { type: "restore", portraitId: shown.id, photo },
  forgotten: { type: "forgotten" },
  added: { type: "added" },
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
const anotherStyle = { another_style: "choosing", "another_style at the limit": "blocked" } as const;

/** Where each event leads. An event that is not named throws: there are no other ways. */
const table: Record<keyof typeof states, Partial<Record<EventName, StateKind>>> = {
  empty: { photo_picked: "reading", restore: "restoring" },
  reading: { ...readPhoto, photo_refused: "empty" },
  choosing: { photo_picked: "reading", style_chosen: "choosing", paint: "working" },
  "choosing with one shown": {
    photo_picked: "reading",
    style_chosen: "choosing",
    paint: "working",
    keep_shown: "result",
  },
  blocked: { photo_picked: "reading", style_chosen: "blocked", order_after: "keeping", unblocked: "choosing" },
  "blocked with one shown": {
    photo_picked: "reading",
    style_chosen: "blocked",
    order_after: "keeping",
    unblocked: "choosing",
    keep_shown: "result",
  },
  working: { ...answers("choosing"), refused: "blocked", failed: "trouble", cancel: "choosing" },
  keeping: { ...answers("choosing"), failed: "trouble" },
  restoring: { ...answers("choosing"), failed: "trouble", forgotten: "empty" },
  result: { photo_picked: "reading", another_take: "working", ...anotherStyle, added: "added" },
  pending: { photo_picked: "reading", ...anotherStyle, added: "added" },
  added: { photo_picked: "reading", again: "result" },
  "added, to be painted": { photo_picked: "reading", again: "pending" },
  trouble: { photo_picked: "reading", retry: "working", ...anotherStyle, order_after: "keeping" },
  "trouble with one shown": {
    photo_picked: "reading",
    retry: "working",
    ...anotherStyle,
    order_after: "keeping",
    keep_shown: "result",
  },
  "trouble while keeping": { photo_picked: "reading", retry: "keeping", ...anotherStyle, order_after: "keeping" },
  "trouble while restoring": { photo_picked: "reading", retry: "restoring" },
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
      const next = nextState({ kind: "result", portrait: portrait({ take }), photo }, { type: "another_take" });
      return next.kind === "working" && next.take;
    });
    expect(takes).toEqual([2, 99, 99]);
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

  it("goes back to where it was when a new photo cannot be used", () => {
    const reading = nextState(states.result, { type: "photo_picked", preview: null });
    expect(nextState(reading, { type: "photo_refused" })).toEqual(states.result);
  });

  it("carries nothing of an old photo once a new one is there", () => {
    const reading = nextState(states.result, { type: "photo_picked", preview: null });
    const next = nextState(reading, events.photo_read);
    expect(next).toMatchObject({ kind: "choosing", shown: null });
    expect(portraitForCart(next)).toBeNull();
  });

  it("takes the photo's new id along with the answer", () => {
    const known = { ...photo, id: "pht_0000000000000000000001" };
    expect(nextState(states.working, { type: "answered", portrait: making, photo: known })).toMatchObject({
      photo: known,
    });
  });

  it("gives the product form only what is on show and ready, or kept for the order", () => {
    const carried = Object.entries(states).filter(([, state]) => portraitForCart(state) !== null);
    expect(carried.map(([name]) => name)).toEqual([
      "choosing with one shown",
      "blocked with one shown",
      "result",
      "pending",
      "trouble with one shown",
    ]);
  });
});
