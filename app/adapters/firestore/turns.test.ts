import { describe, expect, it } from "vitest";
import { createTurns } from "./turns.ts";

const never = new AbortController().signal;
const soon = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("turns", () => {
  it("come in the order of asking for those who share a name, and at once for others", async () => {
    const turns = createTurns();
    const told: string[] = [];
    const work = (name: string) => async () => {
      told.push(`${name} begins`);
      await soon();
      told.push(`${name} ends`);
    };
    await Promise.all([
      turns.take(["x", "y"], never, work("first")),
      turns.take(["y", "x"], never, work("second")),
      turns.take(["z"], never, work("stranger")),
    ]);
    expect(told.indexOf("stranger begins")).toBeLessThan(told.indexOf("first ends"));
    expect(told.filter((line) => !line.startsWith("stranger"))).toEqual([
      "first begins",
      "first ends",
      "second begins",
      "second ends",
    ]);
  });

  it("go on after somebody's failure", async () => {
    const turns = createTurns();
    const failing = turns.take(["x"], never, () => Promise.reject(new Error("failed")));
    const next = turns.take(["x"], never, async () => "mine");
    await expect(failing).rejects.toThrow("failed");
    expect(await next).toBe("mine");
  });

  it("are given up when nobody waits any more: before they come, and while they last", async () => {
    const turns = createTurns();
    const impatient = new AbortController();
    let ran = false;
    const hanging = turns.take(["x"], impatient.signal, () => new Promise(() => undefined));
    const waiting = turns.take(["x"], impatient.signal, async () => void (ran = true));
    const patient = turns.take(["x"], never, async () => "mine");
    await soon();
    impatient.abort(new Error("enough"));
    await expect(hanging).rejects.toThrow("enough");
    await expect(waiting).rejects.toThrow("enough");
    expect(await patient).toBe("mine");
    expect(ran).toBe(false);
  });
});
