import { describe, expect, it } from "vitest";
import { DeadlinePassed, Overtaken, untilDone, withinPatience, type Patience } from "./patience.ts";

describe("patience", () => {
  const pauses: number[] = [];
  const patience: Patience = {
    timeoutMs: 2_000,
    random: () => 0.5,
    sleep: async (ms) => void pauses.push(ms),
  };
  const failing = (times: number, error: Error) => {
    let tries = 0;
    return async () => {
      tries += 1;
      if (tries <= times) throw error;
      return tries;
    };
  };
  const grpc = (code: number) => Object.assign(new Error(`status ${code}`), { code });
  const run = (attempt: () => Promise<unknown>, own = patience) =>
    withinPatience(own, (course) => untilDone(own, course, attempt));

  it("pauses longer each time, by chance, and never longer than a quarter of a second", async () => {
    pauses.length = 0;
    expect(await run(failing(6, new Overtaken("by somebody")))).toBe(7);
    expect(pauses).toEqual([10, 20, 40, 80, 125, 125]);
  });

  it.each([1, 2, 4, 10, 13, 14])("tries again after status %i", async (code) => {
    expect(await run(failing(1, grpc(code)))).toBe(2);
  });

  it.each([3, 5, 7, 8, 9, 16])("does not try again after status %i", async (code) => {
    await expect(run(failing(1, grpc(code)))).rejects.toThrow(`status ${code}`);
  });

  it("does not try again what is a mistake of ours", async () => {
    await expect(run(failing(1, new TypeError("a mistake")))).rejects.toThrow("a mistake");
  });

  it("ends with what went wrong last when the time is over", async () => {
    const own: Patience = {
      ...patience,
      timeoutMs: 30,
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    };
    const fault: unknown = await run(failing(1_000, grpc(14)), own).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(DeadlinePassed);
    expect((fault as Error).message).toBe("no answer within 30 ms; before that: status 14");
  });
});
