import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { AttemptTimedOut, withinTime } from "./attempt-time.ts";

const timers = (): number => process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;
const deaf = () => new Promise<never>(() => undefined);

describe("an attempt within its time", () => {
  it("is passed on, and leaves neither a timer nor a listener behind", async () => {
    const { signal } = new AbortController();
    const before = timers();
    await expect(withinTime(async () => "painted", { timeoutMs: 100_000, signal })).resolves.toBe("painted");
    await expect(withinTime(() => Promise.reject(new Error("lost")), { timeoutMs: 100_000, signal })).rejects.toThrow(
      "lost",
    );
    expect(timers()).toBe(before);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});

describe("an attempt that does not listen", () => {
  it("is not waited for when its time is over", async () => {
    const { signal } = new AbortController();
    await expect(withinTime(deaf, { timeoutMs: 20, signal })).rejects.toBeInstanceOf(AttemptTimedOut);
  });

  it("is told to stop and not waited for when the caller gives up, whose reason comes back whatever it is", async () => {
    for (const reason of [new Error("left"), "left", null]) {
      const caller = new AbortController();
      let told: AbortSignal | undefined;
      const end = withinTime((signal) => ((told = signal), deaf()), { timeoutMs: 10_000, signal: caller.signal });
      caller.abort(reason);
      await expect(end).rejects.toBe(reason);
      expect(told?.aborted).toBe(true);
    }
  });

  it("is not begun for a caller who has left", async () => {
    const signal = AbortSignal.abort(new Error("left"));
    await expect(withinTime(() => expect.unreachable(), { timeoutMs: 10, signal })).rejects.toThrow("left");
  });
});
