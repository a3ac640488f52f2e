import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { systemClock } from "#app/kernel/clock.ts";
import { providerDown } from "#test/builders/painter.ts";
import { choosePainter } from "./choose-painter.ts";
import { createPainterGuard, type GuardEvent, type PainterGuardOptions } from "./painter-guard.ts";
import type { PaintRequest } from "./painter.ts";
import { createRetryBudget } from "./retry-budget.ts";
import { NoRoomYet } from "./spend-room.ts";

const request = (signal = new AbortController().signal): PaintRequest => ({
  pets: [],
  style: { id: "ink_wash", revision: 1, prompt: "" },
  size: { width: 4, height: 5 },
  take: 1,
  wording: "usual",
  signal,
});
const retryable = (facts = {}) => providerDown({ remedy: "retry", providerIsDown: true, ...facts });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function open(options: Partial<PainterGuardOptions> = {}) {
  const events: GuardEvent[] = [];
  const guard = createPainterGuard({
    clock: systemClock,
    concurrency: 100,
    random: () => 0.999,
    onEvent: (event) => events.push(event),
    ...options,
  });
  const calls: { atMs: number; wording: string }[] = [];
  const startedAtMs = systemClock.nowMs();
  /** Runs with an answer for each call in turn; the last one stands for all that follow. */
  const run = async (answers: (Error | string | (() => Promise<string>))[], signal?: AbortSignal) => {
    let number = 0;
    const ended = guard
      .run(request(signal), async ({ wording }) => {
        calls.push({ atMs: systemClock.nowMs() - startedAtMs, wording });
        const answer = answers[Math.min(number++, answers.length - 1)];
        if (answer instanceof Error) throw answer;
        return typeof answer === "function" ? answer() : (answer ?? "");
      })
      .catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(0);
    return ended;
  };
  return { guard, run, calls, events };
}

/** Lets the fake time pass for whoever waits on it. */
async function passing<T>(work: Promise<T>, ms = 120_000): Promise<T> {
  await vi.advanceTimersByTimeAsync(ms);
  return work;
}

describe("a guarded call", () => {
  it("is tried three times in all, with pauses that grow and are never a fixed rhythm", async () => {
    const { run, calls } = open();
    expect(await passing(run([retryable(), retryable(), "painted"]))).toBe("painted");
    expect(calls.map(({ atMs }) => atMs)).toEqual([0, 500, 1_499].map((ms): unknown => expect.closeTo(ms, -1)));
    const early = open({ random: () => 0 });
    await passing(early.run([retryable()]));
    expect(early.calls.map(({ atMs }) => atMs)).toEqual([0, 0, 0].map((ms): unknown => expect.closeTo(ms, -1)));
  });

  it("that fails each time ends with the last failure", async () => {
    const { run, calls } = open();
    expect(await passing(run([retryable(), retryable({ code: "last" })]))).toMatchObject({ code: "last" });
    expect(calls).toHaveLength(3);
  });

  it("is not tried again where nothing would come of it", async () => {
    const { run, calls } = open();
    expect(await passing(run([providerDown({ code: "blocked" })]))).toMatchObject({ code: "blocked" });
    expect(await passing(run([new Error("a bug")]))).toMatchObject({ message: "a bug" });
    expect(calls).toHaveLength(2);
  });

  it("takes from the budget for retries what it uses, and is not tried again without", async () => {
    const retryBudget = createRetryBudget({ share: 0, saved: 3 });
    const { run, calls } = open({ retryBudget });
    await passing(run([retryable()]));
    expect(calls).toHaveLength(3);
    await passing(run([retryable()]));
    await passing(run([retryable()]));
    expect(calls).toHaveLength(3 + 2 + 1);
  });

  it("waits as long as the provider asks, and does not wait for what comes after the deadline", async () => {
    const { run, calls } = open();
    expect(await passing(run([retryable({ retryAfterMs: 7_000 }), "painted"]))).toBe("painted");
    expect(calls.map(({ atMs }) => atMs)).toEqual([0, 7_000]);
    const late = open();
    await passing(late.run([retryable({ retryAfterMs: 60_000 })]));
    expect(late.calls).toHaveLength(1);
  });

  it("is put in softer words once after a block, and never twice", async () => {
    const blocked = providerDown({ remedy: "soften", code: "photo_blocked" });
    const { run, calls } = open();
    expect(await passing(run([blocked, "painted"]))).toBe("painted");
    expect(calls.map(({ wording }) => wording)).toEqual(["usual", "softer"]);
    const again = open();
    expect(await passing(again.run([blocked]))).toMatchObject({ code: "photo_blocked" });
    expect(again.calls).toHaveLength(2);
  });

  it("stays soft when the softer attempt has to be repeated, and three calls are the most in any mixture", async () => {
    const { run, calls } = open();
    await passing(run([providerDown({ remedy: "soften" }), retryable(), retryable(), "never"]));
    expect(calls.map(({ wording }) => wording)).toEqual(["usual", "softer", "softer"]);
  });

  it("ends at the deadline, also while it pauses, with a sentence", async () => {
    vi.useRealTimers();
    const { guard } = open({ deadlineMs: 80 });
    const hangs = guard.run(
      request(),
      ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error))),
    );
    await expect(hangs).rejects.toMatchObject({ code: "painter_slow" });
    const pauses = open({ deadlineMs: 80, pause: { firstMs: 5_000, longestMs: 5_000 } }).guard;
    const paused = pauses.run(request(), () => Promise.reject(retryable()));
    await expect(paused).rejects.toMatchObject({ code: "painter_slow" });
  });

  it("ends with the caller's own reason when the caller gives up in a pause, and asks nobody any more", async () => {
    const { run, calls } = open();
    const leaving = new AbortController();
    const ended = run([retryable()], leaving.signal);
    await vi.advanceTimersByTimeAsync(10);
    leaving.abort(new Error("left"));
    expect(await passing(ended)).toMatchObject({ message: "left" });
    expect(calls).toHaveLength(1);
  });

  it("waits its turn where too many are under way", async () => {
    const { guard } = open({ concurrency: 2 });
    let [now, most] = [0, 0];
    const work = Array.from({ length: 9 }, () =>
      guard.run(request(), async () => {
        most = Math.max(most, (now += 1));
        await new Promise((resolve) => setTimeout(resolve, 100));
        now -= 1;
      }),
    );
    await passing(Promise.all(work));
    expect(most).toBe(2);
  });
});

describe("a provider that is down", () => {
  it("is left alone after ten failed calls, whoever makes them, and retries do not multiply the load", async () => {
    const { guard, calls, run, events } = open({ retryBudget: createRetryBudget() });
    for (let n = 0; n < 100; n++) await passing(run([retryable()]), 5_000);
    const openings = events.filter(({ name }) => name === "painter breaker opened").length;
    // After the breaker has opened for the first time there is one trial call for each time that it opens again.
    expect(calls.length).toBe(10 + openings - 1);
    expect(guard.busyUntilMs()).toBeGreaterThan(systemClock.nowMs());
  });

  it("answers busy with the moment at which it is worth trying, and is found again by itself", async () => {
    const { guard, run, calls, events } = open();
    for (let n = 0; n < 4; n++) await passing(run([retryable()]), 5_000);
    const busyUntilMs = guard.busyUntilMs();
    expect(await run(["painted"])).toMatchObject({ code: "busy", retryAtMs: busyUntilMs });
    expect(calls).toHaveLength(10);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(guard.busyUntilMs()).toBeNull();
    expect(await run(["painted"])).toBe("painted");
    expect(events.at(-1)).toEqual({ name: "painter breaker closed" });
  });

  it("is tried less and less often, and at least once a minute", async () => {
    const { run, events } = open();
    for (let n = 0; n < 60; n++) await passing(run([retryable()]), 10_000);
    const times = events.flatMap((event) => (event.name === "painter breaker opened" ? [event.forMs] : []));
    expect(times.slice(0, 5)).toEqual([10_000, 20_000, 40_000, 60_000, 60_000]);
  });

  it("is not taken for down because of photos that it refuses", async () => {
    const { guard, run } = open();
    for (let n = 0; n < 50; n++) await passing(run([providerDown({ remedy: "none", providerIsDown: false })]), 1);
    expect(guard.busyUntilMs()).toBeNull();
  });

  it("is known to be up by a photo that it refuses", async () => {
    const { guard, run } = open({ attempts: 1 });
    for (let n = 0; n < 9; n++) await passing(run([retryable()]), 1);
    for (let n = 0; n < 14; n++) await passing(run([providerDown()]), 1);
    await passing(run([retryable()]), 1);
    expect(guard.busyUntilMs()).toBeNull();
  });

  it("is not found again by a trial that its caller cut short", async () => {
    const { guard, run } = open();
    for (let n = 0; n < 4; n++) await passing(run([retryable()]), 5_000);
    await vi.advanceTimersByTimeAsync(10_000);
    await run([new DOMException("left", "AbortError")]);
    expect(guard.busyUntilMs()).not.toBeNull();
  });

  it("leaves the work to the next painter of the house; with none left the answer is busy", async () => {
    const down = open();
    for (let n = 0; n < 4; n++) await passing(down.run([retryable()]), 5_000);
    const painterOf = (model: string) => ({
      kind: "preview" as const,
      model,
      paint: () => Promise.reject(new Error()),
    });
    const usual = { painter: painterOf("usual"), guard: down.guard };
    const cheaper = { painter: painterOf("cheaper"), guard: open().guard };
    expect(choosePainter([usual, cheaper], false).painter.model).toBe("cheaper");
    expect(choosePainter([cheaper, usual], false).painter.model).toBe("cheaper");
    expect(() => choosePainter([cheaper, usual], true)).toThrow(expect.objectContaining({ code: "busy" }) as Error);
    expect(choosePainter([cheaper], true).painter.model).toBe("cheaper");
  });
});

describe("a spending limit without room", () => {
  it("is waited for, which is no try and no failure", async () => {
    const { run, calls, events } = open();
    const answers = [new NoRoomYet(3_000), new NoRoomYet(2_000), retryable(), retryable(), "painted"];
    expect(await passing(run(answers))).toBe("painted");
    expect(calls.map(({ atMs }) => atMs).slice(0, 3)).toEqual([0, 3_000, 5_000]);
    expect(events.map(({ name }) => name)).toEqual(["painter retried", "painter retried"]);
  });

  it("that opens only after the deadline is answered busy at once, and tells the door", async () => {
    const { guard, run } = open();
    const freeAtMs = systemClock.nowMs() + 90_000;
    expect(await run([new NoRoomYet(90_000)])).toMatchObject({ code: "busy", retryAtMs: freeAtMs });
    expect(guard.busyUntilMs()).toBe(freeAtMs);
  });
});
