import { describe, expect, it } from "vitest";
import { AppError } from "#app/kernel/errors.ts";
import { askingAgain } from "./asking-again.ts";

const busy = () => new AppError({ code: "busy", kind: "unavailable", publicMessage: "Later." });

/** Ends as it is told, call by call, and then well. */
function bookOf(...ends: (() => Error)[]) {
  const calls: string[] = [];
  const write = async (what: string) => {
    calls.push(what);
    const end = ends.shift();
    if (end !== undefined) throw end();
    return `${what} is written`;
  };
  return { book: Object.freeze({ write }), calls };
}

describe("books that are asked again", () => {
  it("are asked until they answer, with the same words", async () => {
    const { book, calls } = bookOf(busy, busy);
    expect(await askingAgain(book, { patienceMs: 10_000, pauseMs: 1 }).write("this")).toBe("this is written");
    expect(calls).toEqual(["this", "this", "this"]);
  });

  it("are not asked for ever", async () => {
    const { book, calls } = bookOf(...Array.from({ length: 1_000 }, () => busy));
    await expect(askingAgain(book, { patienceMs: 20, pauseMs: 5 }).write("this")).rejects.toMatchObject({
      code: "busy",
    });
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.length).toBeLessThan(1_000);
  });

  it("are asked once where they say something else", async () => {
    const { book, calls } = bookOf(() => new Error("no such page"));
    await expect(askingAgain(book).write("this")).rejects.toThrow("no such page");
    expect(calls).toEqual(["this"]);
  });
});
