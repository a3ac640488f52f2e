import { nextUtcMidnightMs, utcDay } from "#app/kernel/clock.ts";
import type { QuotaTicket } from "#app/quota/quota-store.ts";
import { windowName } from "#app/quota/reservation.ts";
import { quotaClaims, type QuotaClaim } from "#app/quota/tiers.ts";
import { leaseMs, type QuotaDesign } from "./quota-designs.ts";
import { instanceClocks, limitsOverTime, noPaths, shoppers, type Paths, type Step } from "./quota-steps.ts";

/**
 * Plays a history of requests on a design of a quota and keeps books of its own from the answers alone: what was answered
 * "committed" is used, what was answered "held" is used while its lease lives, and nothing else is. After every step the
 * design must count what the books count, on every clock; nothing may be used more than its limit; nobody may be refused
 * or let off while there is room; and a decision that is run again must come out as it did.
 */
type Booked = {
  ticket: QuotaTicket;
  state: "none" | "held" | "void" | "done" | "late";
  sinceMs: number;
  leaseEndsMs: number;
  heldOn: number;
  /** Grows with each time that it was let in. */
  letIn: number;
};

const startMs = Date.parse("2026-03-29T23:50:00Z");
const latestClock = instanceClocks.length - 1;

/** @throws Error that says what the design did wrong */
export function playHistory(design: QuotaDesign, steps: readonly Step[], paths: Paths = noPaths()): void {
  const books = createBooks(design, paths);
  for (const step of steps) books.play(step);
  books.auditAll();
}

function createBooks(design: QuotaDesign, paths: Paths) {
  const current = new Map<number, Booked>();
  const everybody: Booked[] = [];
  const byClaim = new Map<string, { claim: QuotaClaim; booked: Booked[] }>();
  let nowMs = startMs;
  let limits = 0;
  let order = 0;

  const clockOf = (instance: number): number => nowMs + (instanceClocks[instance] ?? 0);
  const isLive = (booked: Booked, atMs: number) => booked.state === "held" && booked.leaseEndsMs > atMs;
  const inUse = (claim: QuotaClaim, atMs: number): Booked[] => {
    const from = claim.window.kind === "utc-day" ? -Infinity : atMs - claim.window.ms;
    const booked = byClaim.get(nameOf(claim))?.booked ?? [];
    return booked.filter((one) => (one.state === "done" || isLive(one, atMs)) && one.sinceMs > from);
  };
  const firstFull = (of: Booked, atMs: number): QuotaClaim | undefined =>
    of.ticket.claims.find((claim) => inUse(claim, atMs).filter((one) => one !== of).length >= claim.limit);

  const bookedOf = ({ request, on }: { request: number; on: number }): Booked => {
    const known = current.get(request);
    if (known !== undefined) return known;
    const shopper = shoppers[request % shoppers.length] as (typeof shoppers)[number];
    const claims = quotaClaims(shopper, limitsOverTime[limits] ?? limitsOverTime[0], clockOf(on));
    const ticket = { shop: "a.shop", requestId: `r${everybody.length}`, claims };
    const booked: Booked = { ticket, state: "none", sinceMs: 0, leaseEndsMs: 0, heldOn: on, letIn: 0 };
    for (const claim of claims) {
      const ofClaim = byClaim.get(nameOf(claim)) ?? { claim, booked: [] };
      ofClaim.booked.push(booked);
      byClaim.set(nameOf(claim), ofClaim);
    }
    current.set(request, booked);
    everybody.push(booked);
    return booked;
  };

  const advance = (ms: number) => {
    const before = everybody.filter((booked) => isLive(booked, nowMs)).length;
    if (utcDay(nowMs) !== utcDay(nowMs + ms)) paths["day change"] += 1;
    nowMs += ms;
    paths["lease expiry"] += before - everybody.filter((booked) => isLive(booked, nowMs)).length;
  };

  const play = (step: Step): void => {
    if (step.do === "wait") return advance(step.ms);
    if (step.do === "wait for midnight") return advance(Math.max(0, nextUtcMidnightMs(nowMs) - nowMs - step.lessMs));
    if (step.do === "set limits") {
      if (step.to > limits) paths["limits lowered"] += 1;
      limits = step.to;
      return;
    }
    if (step.do === "crash") {
      const left = current.get(step.request);
      if (left !== undefined && isLive(left, nowMs)) paths.crash += 1;
      return void current.delete(step.request);
    }
    const booked = bookedOf(step);
    const atMs = clockOf(step.on);
    if (booked.state === "held" && booked.heldOn !== step.on) paths["another instance"] += 1;
    if (step.do === "reserve") bookReserve(booked, step, atMs);
    if (step.do === "commit") bookCommit(booked, step, atMs);
    if (step.do === "refund") bookRefund(booked, step);
    for (const claim of booked.ticket.claims) for (const at of [atMs, clockOf(latestClock)]) audit(claim, at);
  };

  /** The design's answer; where the reply of a decision that was applied is lost, it is run once more. */
  const answerOf = <Answer>({ again }: { again: boolean }, path: keyof Paths, decide: () => Answer): Answer => {
    const answer = decide();
    if (!again) return answer;
    paths[path] += 1;
    const second = decide();
    if (second !== answer) throw new Error(`${String(answer)} became ${String(second)} when it was run again`);
    return answer;
  };

  const bookReserve = (booked: Booked, step: { on: number; again: boolean }, atMs: number): void => {
    const isSettled = booked.state === "done" || booked.state === "late";
    const full = firstFull(booked, atMs);
    const wasLive = isLive(booked, atMs);
    const answer = answerOf(step, "reserve run again", () => design.reserve(booked.ticket, atMs));
    if (isSettled) return void (paths.replay += 1);
    if (answer === "refused") {
      if (full === undefined) throw new Error("somebody was refused although there is room");
      if (full.limit < Math.max(...inUse(full, atMs).map((one) => limitOf(one, full))))
        paths["refused above a lowered limit"] += 1;
      return void (paths[`refused by ${full.tier}`] += 1);
    }
    paths[wasLive ? "join" : "hold"] += 1;
    if (!wasLive) booked.sinceMs = atMs;
    Object.assign(booked, { state: "held", leaseEndsMs: atMs + leaseMs, heldOn: step.on, letIn: (order += 1) });
  };

  // The house never commits what it has not held; what was given back meanwhile it may.
  const bookCommit = (booked: Booked, step: { again: boolean }, atMs: number): void => {
    if (booked.state === "none") return;
    const full = firstFull(booked, atMs);
    const [wasLive, wasLiveForAll] = [isLive(booked, atMs), isLive(booked, clockOf(latestClock))];
    const answer = answerOf(step, "commit run again", () => design.commit(booked.ticket, atMs));
    if (booked.state === "void") {
      paths["commit after refund"] += 1;
      booked.state = "late";
      return;
    }
    if (booked.state === "done" || booked.state === "late") paths["duplicate delivery"] += 1;
    if (booked.state !== "held") return;
    if (answer === "late") {
      if (full === undefined) throw new Error("somebody was let off although there is room");
      paths[wasLive ? "overtaken by a faster clock" : "late"] += 1;
      if (step.again) paths["late run again"] += 1;
      booked.state = "late";
      return;
    }
    paths[wasLive ? "commit" : "commit after expiry"] += 1;
    if (!wasLiveForAll) booked.letIn = order += 1;
    booked.state = "done";
  };

  const bookRefund = (booked: Booked, step: { again: boolean }): void => {
    if (booked.state === "held") [booked.state, paths.refund] = ["void", paths.refund + 1];
    answerOf(step, "refund run again", () => design.refund(booked.ticket));
  };

  const audit = (claim: QuotaClaim, atMs: number): void => {
    const mine = inUse(claim, atMs);
    const counted = design.countsHolds ? mine : mine.filter(({ state }) => state === "done");
    const used = design.used(claim, atMs);
    if (used !== counted.length) throw new Error(`${used} are counted and ${counted.length} are in use`);
    // A slower clock may see a hold live on that a faster one has seen end, and whose place it has given away.
    if (atMs !== clockOf(latestClock) || mine.length === 0) return;
    const last = mine.reduce((a, b) => (a.letIn > b.letIn ? a : b));
    const limit = limitOf(last, claim);
    if (mine.length > limit) throw new Error(`${mine.length} passed where ${limit} may`);
  };

  const auditAll = (): void => {
    for (const { claim } of byClaim.values())
      for (const instance of instanceClocks.keys()) audit(claim, clockOf(instance));
  };
  return { play, auditAll };
}

const nameOf = (claim: QuotaClaim): string => `${claim.subject} ${claim.tier} ${windowName(claim)}`;

/** The limit under which somebody was let in; the shop may have set another one since. */
const limitOf = (booked: Booked, claim: QuotaClaim): number =>
  booked.ticket.claims.find((own) => nameOf(own) === nameOf(claim))?.limit ?? 0;
