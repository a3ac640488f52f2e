import { nextUtcMidnightMs, utcDay } from "#app/kernel/clock.ts";
import type { QuotaTicket } from "#app/quota/quota-store.ts";
import { windowName } from "#app/quota/reservation.ts";
import type { QuotaClaim } from "#app/quota/tiers.ts";
import { leaseMs, type QuotaDesign } from "./quota-designs.ts";

/**
 * Plays a history of one shopper's requests on a design of a quota and keeps books of its own from the answers alone:
 * what was answered "committed" is used, what was answered "held" is used while its lease lives, and nothing else is.
 * After every step the design must agree with the books, and nothing may be used more than its limit.
 */
export type Step =
  | { do: "reserve" | "commit" | "refund" | "start anew"; request: number }
  | { do: "wait"; ms: number }
  | { do: "wait for midnight"; lessMs: number };

export type Paths = Record<
  | "hold"
  | "join"
  | "replay"
  | "refusal"
  | "refund"
  | "lease expiry"
  | "late"
  | "commit"
  | "commit after expiry"
  | "day change",
  number
>;

export const noPaths = (): Paths => ({
  hold: 0,
  join: 0,
  replay: 0,
  refusal: 0,
  refund: 0,
  "lease expiry": 0,
  late: 0,
  commit: 0,
  "commit after expiry": 0,
  "day change": 0,
});

type Booked = { ticket: QuotaTicket; state: "held" | "done" | "late" | "none"; sinceMs: number; leaseEndsMs: number };

const startMs = Date.parse("2026-03-29T23:50:00Z");

export function playHistory(design: QuotaDesign, steps: readonly Step[], paths: Paths): void {
  const books = createBooks(design, paths);
  for (const step of steps) {
    books.play(step);
    books.audit();
  }
}

function createBooks(design: QuotaDesign, paths: Paths) {
  const current = new Map<number, Booked>();
  const everybody: Booked[] = [];
  const everyClaim = new Map<string, QuotaClaim>();
  let nowMs = startMs;
  let requests = 0;

  const bookedOf = (request: number): Booked => {
    const known = current.get(request);
    if (known !== undefined) return known;
    const ticket = { shop: "a.shop", requestId: `r${(requests += 1)}`, claims: claimsAt(nowMs, request) };
    const booked: Booked = { ticket, state: "none", sinceMs: 0, leaseEndsMs: 0 };
    for (const claim of ticket.claims) everyClaim.set(`${claim.subject} ${windowName(claim)}`, claim);
    current.set(request, booked);
    everybody.push(booked);
    return booked;
  };
  const isLive = (booked: Booked) => booked.state === "held" && booked.leaseEndsMs > nowMs;
  const advance = (ms: number) => {
    const before = everybody.filter(isLive).length;
    if (utcDay(nowMs) !== utcDay(nowMs + ms)) paths["day change"] += 1;
    nowMs += ms;
    paths["lease expiry"] += before - everybody.filter(isLive).length;
  };

  const play = (step: Step): void => {
    if (step.do === "wait") return advance(step.ms);
    if (step.do === "wait for midnight") return advance(nextUtcMidnightMs(nowMs) - nowMs - step.lessMs);
    if (step.do === "start anew") return void current.delete(step.request);
    const booked = bookedOf(step.request);
    if (step.do === "reserve") return bookReserve(booked, isLive(booked));
    if (step.do === "commit") return bookCommit(booked, isLive(booked));
    if (booked.state === "held") [booked.state, paths.refund] = ["none", paths.refund + 1];
    design.refund(booked.ticket);
  };

  const bookReserve = (booked: Booked, wasLive: boolean): void => {
    const answer = design.reserve(booked.ticket, nowMs);
    if (booked.state === "done" || booked.state === "late") paths.replay += 1;
    else if (answer === "refused") paths.refusal += 1;
    else if (wasLive) paths.join += 1;
    else paths.hold += 1;
    if (booked.state === "done" || booked.state === "late" || answer === "refused") return;
    if (!wasLive) booked.sinceMs = nowMs;
    booked.state = "held";
    booked.leaseEndsMs = nowMs + leaseMs;
  };

  // The house never commits what it has not held.
  const bookCommit = (booked: Booked, wasLive: boolean): void => {
    if (booked.state === "none") return;
    const answer = design.commit(booked.ticket, nowMs);
    if (booked.state === "held") paths[answer === "late" ? "late" : wasLive ? "commit" : "commit after expiry"] += 1;
    booked.state = answer === "committed" ? "done" : "late";
  };

  const audit = (): void => {
    for (const claim of everyClaim.values()) {
      const mine = everybody.filter(
        (booked) => (booked.state === "done" || isLive(booked)) && booked.ticket.claims.some((own) => same(own, claim)),
      );
      const inWindow = mine.filter(
        ({ sinceMs }) => claim.window.kind === "utc-day" || sinceMs > nowMs - claim.window.ms,
      );
      const used = design.used(claim, nowMs);
      if (inWindow.length > claim.limit) throw new Error(`${inWindow.length} passed where ${claim.limit} may`);
      const counted = design.countsHolds ? inWindow : inWindow.filter(({ state }) => state === "done");
      if (used !== counted.length) throw new Error(`${used} are counted and ${counted.length} are in use`);
    }
  };
  return { play, audit };
}

const same = (a: QuotaClaim, b: QuotaClaim): boolean =>
  a.subject === b.subject && a.tier === b.tier && windowName(a) === windowName(b);

/** One customer in two browsers. */
function claimsAt(nowMs: number, request: number): QuotaClaim[] {
  return [
    { tier: "day", subject: "c:1", limit: 3, window: { kind: "utc-day", day: utcDay(nowMs) } },
    { tier: "burst", subject: `s:${request % 2}`, limit: 2, window: { kind: "rolling", ms: 600_000 } },
  ];
}
