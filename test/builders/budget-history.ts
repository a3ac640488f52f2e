import { nextUtcMidnightMs, utcDay, utcMonth } from "#app/kernel/clock.ts";
import { budgetNames, type BudgetName, type BudgetTicket } from "#app/ledger/budget-decisions.ts";
import type { BudgetDesign, Sums } from "./budget-designs.ts";
import { moneyLimits, moneyShops, noMoneyPaths, type MoneyPaths, type MoneyStep } from "./budget-steps.ts";

/**
 * Plays a history of two shops' money on a design of a budget and keeps books of its own from the answers alone. After
 * every step the design's totals must be the sum of what the books know to be spent and held; a hold never takes a total
 * past a limit; nobody is refused while there is room; and a call costs once, however often it is said.
 */
type Sum = { ticket: BudgetTicket; held: number; leaseEndsMs: number };
type Call = Sum & { spent: number | null; isOrphan: boolean };
type Request = Sum & { calls: Call[] };

const spentOf = (sum: Sum | Call): number => ("spent" in sum ? (sum.spent ?? 0) : 0);

const startMs = Date.parse("2026-03-29T23:50:00Z");
const leaseMs = 90_000;
const callLeaseMs = 420_000;

/** @throws Error that says what the design did wrong */
export function playMoney(design: BudgetDesign, steps: readonly MoneyStep[], paths: MoneyPaths = noMoneyPaths()): void {
  const books = createBooks(design, paths);
  for (const step of steps) {
    books.play(step);
    books.audit();
  }
}

function createBooks(design: BudgetDesign, paths: MoneyPaths) {
  const current = new Map<number, Request>();
  const everybody: Request[] = [];
  const looks: { step: MoneyStep & { do: "hold" }; seen: unknown }[] = [];
  let [nowMs, limits, ids] = [startMs, 0, 0];

  const isLive = ({ held, leaseEndsMs }: Sum) => held > 0 && leaseEndsMs > nowMs;
  const sums = (): Sum[] => everybody.flatMap((request) => [request, ...request.calls]);
  const totals = ({ shop, day }: Pick<BudgetTicket, "shop" | "day">, ...except: Sum[]): Sums => {
    const all = { installationMonth: 0, shopMonth: 0, installationDay: 0, shopDay: 0 };
    for (const one of sums()) {
      if (utcMonth(one.ticket.day) !== utcMonth(day)) continue;
      const amount = spentOf(one) + (isLive(one) && !except.includes(one) ? one.held : 0);
      const [isShops, isDays] = [one.ticket.shop === shop, one.ticket.day === day];
      all.installationMonth += amount;
      if (isShops) all.shopMonth += amount;
      if (isDays) all.installationDay += amount;
      if (isShops && isDays) all.shopDay += amount;
    }
    return all;
  };
  const limitsNow = () => moneyLimits[limits] ?? moneyLimits[0];
  const fullName = (ticket: BudgetTicket, ...except: Sum[]): BudgetName | undefined => {
    const all = totals(ticket, ...except);
    return budgetNames.find((name) => all[name] + ticket.microUsd > (limitsNow()[name] ?? Infinity));
  };

  const requestOf = (number: number, price: number): Request => {
    const known = current.get(number);
    if (known !== undefined) return known;
    const shop = moneyShops[number % moneyShops.length] ?? "a.shop";
    const ticket = { shop, day: utcDay(nowMs), requestId: `r${(ids += 1)}`, microUsd: price };
    const request: Request = { ticket, held: 0, leaseEndsMs: 0, calls: [] };
    current.set(number, request);
    everybody.push(request);
    return request;
  };
  const twice = (again: boolean, decide: () => unknown): void => {
    if (!again) return;
    paths["run again"] += 1;
    decide();
  };
  const advance = (ms: number) => {
    const before = sums().filter(isLive).length;
    const then = nowMs + ms;
    if (utcDay(nowMs) !== utcDay(then)) paths["day change"] += 1;
    if (utcMonth(utcDay(nowMs)) !== utcMonth(utcDay(then))) paths["month change"] += 1;
    nowMs = then;
    paths.lapse += before - sums().filter(isLive).length;
  };

  const hold = (of: Sum, instead: Sum | undefined, seen: unknown, again: boolean): boolean => {
    const full = fullName(of.ticket, ...(instead ? [of, instead] : [of]));
    const ms = instead === undefined ? leaseMs : callLeaseMs;
    const options = {
      limits: limitsNow(),
      nowMs,
      leaseMs: ms,
      ...(instead && { insteadOf: instead.ticket.requestId }),
    };
    const allowed = design.hold(of.ticket, options, seen);
    twice(again, () => {
      if (design.hold(of.ticket, options, seen) !== allowed)
        throw new Error("a hold came out otherwise when run again");
    });
    if (!allowed && full === undefined) throw new Error("somebody was refused although there is room");
    if (allowed && full !== undefined) throw new Error(`a hold passed the limit of ${full}`);
    if (!allowed && full !== undefined) paths[`refused by ${full}`] += 1;
    if (!allowed) return false;
    Object.assign(of, { held: of.ticket.microUsd, leaseEndsMs: nowMs + ms });
    if (instead !== undefined) instead.held = 0;
    return true;
  };

  const bookHold = (step: MoneyStep & { do: "hold" }, seen: unknown): void => {
    const request = requestOf(step.request, step.price);
    const wasLive = isLive(request);
    if (hold(request, undefined, seen, step.again)) paths[wasLive ? "hold anew" : "hold"] += 1;
  };
  const bookCall = ({ request: number, price, again }: MoneyStep & { do: "call" }): void => {
    const request = current.get(number);
    if (request === undefined || request.calls.some(({ spent, isOrphan }) => spent === null && !isOrphan)) return;
    const ticket = { ...request.ticket, requestId: `call${(ids += 1)}`, microUsd: price };
    const call: Call = { ticket, held: 0, leaseEndsMs: 0, spent: null, isOrphan: false };
    if (!hold(call, request, design.look(ticket, nowMs), again)) return void (paths["call refused"] += 1);
    if (request.calls.length > 0) paths["second call of a request"] += 1;
    paths.call += 1;
    request.calls.push(call);
  };
  const bookSettle = (call: Call, spentMicroUsd: number, again: boolean): void => {
    if (call.spent !== null) paths["settle again"] += 1;
    else paths[isLive(call) ? "settle" : "settle after the hold lapsed"] += 1;
    if (spentMicroUsd > call.ticket.microUsd) throw new Error("a call cost more than was held for it");
    const said = { callId: call.ticket.requestId, spentMicroUsd, nowMs };
    design.settle(call.ticket, said);
    twice(again, () => design.settle(call.ticket, said));
    if (call.spent !== null) return;
    Object.assign(call, { spent: spentMicroUsd, held: 0 });
  };
  const settleLast = ({ request: number, percent, again }: MoneyStep & { do: "settle" }): void => {
    const request = current.get(number);
    const call = request?.calls.at(-1);
    if (request === undefined || call === undefined) return;
    if (isLive(request)) paths["settle beside another hold"] += 1;
    bookSettle(call, Math.round((call.ticket.microUsd * percent) / 100), again);
  };
  const settleOrphans = (): void => {
    for (const call of everybody.flatMap(({ calls }) => calls).filter(({ isOrphan }) => isOrphan)) {
      paths[call.spent === null ? "abandoned call settled" : "dead man's call settled twice"] += 1;
      bookSettle(call, call.ticket.microUsd, false);
      call.isOrphan = false;
    }
  };
  const bookRelease = ({ request: number, again }: MoneyStep & { do: "release" }): void => {
    const request = current.get(number);
    if (request === undefined) return;
    paths[isLive(request) ? "release" : "release of nothing"] += 1;
    design.release(request.ticket);
    twice(again, () => design.release(request.ticket));
    request.held = 0;
  };
  const crash = (number: number): void => {
    const request = current.get(number);
    if (request === undefined) return;
    paths.crash += 1;
    const last = request.calls.at(-1);
    // Also one that has settled, and died before it could say so in the ledger.
    if (last !== undefined) last.isOrphan = true;
    current.delete(number);
  };

  const play = (step: MoneyStep): void => {
    const waiting = looks.shift();
    if (step.do === "hold") {
      const seen = design.look(requestOf(step.request, step.price).ticket, nowMs);
      if (step.late) looks.push({ step, seen });
      else bookHold(step, seen);
    }
    if (step.do === "call") bookCall(step);
    if (step.do === "settle") settleLast(step);
    if (step.do === "release") bookRelease(step);
    if (step.do === "crash") crash(step.request);
    if (step.do === "settle what is abandoned") settleOrphans();
    if (step.do === "wait") advance(step.ms);
    if (step.do === "wait for midnight") advance(Math.max(0, nextUtcMidnightMs(nowMs) - nowMs - step.lessMs));
    if (step.do === "set limits") {
      if (step.to === 1 && limits !== 1) paths["limits lowered"] += 1;
      limits = step.to;
    }
    // Somebody who looked before this decides now, on what they saw then.
    if (waiting !== undefined) bookHold(waiting.step, waiting.seen);
  };
  const audit = (): void => {
    const days = new Set([utcDay(nowMs), everybody.at(-1)?.ticket.day ?? utcDay(nowMs)]);
    for (const shop of moneyShops)
      for (const day of days) {
        const [counted, known] = [design.totals({ shop, day }, nowMs), totals({ shop, day })];
        const wrong = budgetNames.find((name) => counted[name] !== known[name]);
        if (wrong !== undefined) throw new Error(`${wrong} says ${counted[wrong]}, spent and held is ${known[wrong]}`);
      }
  };
  return { play, audit };
}
