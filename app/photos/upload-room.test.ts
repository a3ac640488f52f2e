import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError } from "#app/kernel/errors.ts";
import { createUploadRoom, type UploadStay } from "./upload-room.ts";

const MB = 1_000_000;
const busy = expect.objectContaining({ code: "busy", kind: "unavailable" }) as Error;

describe("room for uploads", () => {
  it("is counted in bytes: what fits is let in, the next one is told to come again", () => {
    const room = createUploadRoom({ bytes: 100 * MB });
    const first = room.enter(50 * MB, "a:1");
    room.enter(50 * MB, "a:2");
    expect(() => room.enter(1, "a:3")).toThrow(busy);
    first.leave();
    room.enter(50 * MB, "a:3");
  });

  it("is given back by what did not come, and only once by who leaves twice", () => {
    const room = createUploadRoom({ bytes: 100 * MB });
    const stay = room.enter(100 * MB, null);
    stay.settle(30 * MB);
    expect(room.held()).toBe(30 * MB);
    stay.leave();
    stay.leave();
    stay.settle(20 * MB);
    expect(room.held()).toBe(0);
  });

  it("is never held whole by one address, which may still always send one photo", () => {
    const room = createUploadRoom({ bytes: 100 * MB });
    const first = room.enter(30 * MB, "a:1");
    expect(() => room.enter(30 * MB, "a:1")).toThrow(busy);
    room.enter(20 * MB, "a:1");
    room.enter(20 * MB, "a:2");
    first.leave();
    room.enter(30 * MB, "a:1");
    expect(createUploadRoom({ bytes: 100 * MB }).enter(100 * MB, "a:1")).toBeDefined();
  });

  it("is used up by a crowd of empty uploads, too", () => {
    const room = createUploadRoom({ bytes: 10 * MB });
    expect(() => {
      for (let n = 0; n < 100; n++) room.enter(0, `a:${n}`);
    }).toThrow(busy);
  });

  it("holds never more than there is, and nothing once everybody has left, whatever comes and goes", () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant("enter" as const), bytes: fc.nat(60 * MB), who: fc.nat(3) }),
      fc.record({
        do: fc.constant("settle" as const),
        at: fc.nat(30),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      fc.record({ do: fc.constant("leave" as const), at: fc.nat(30) }),
    );
    fc.assert(
      fc.property(fc.array(step, { size: "max", maxLength: 200 }), (steps) => {
        const room = createUploadRoom({ bytes: 100 * MB });
        const stays: { stay: UploadStay; bytes: number }[] = [];
        for (const taken of steps) {
          if (taken.do === "enter") {
            try {
              stays.push({ stay: room.enter(taken.bytes, `a:${taken.who}`), bytes: taken.bytes });
            } catch (error) {
              expect(error).toBeInstanceOf(AppError);
            }
          } else {
            const chosen = stays[taken.at % Math.max(1, stays.length)];
            if (taken.do === "leave") chosen?.stay.leave();
            else chosen?.stay.settle(Math.floor(chosen.bytes * taken.share));
          }
          expect(room.held()).toBeLessThanOrEqual(100 * MB);
          expect(room.held()).toBeGreaterThanOrEqual(0);
        }
        for (const { stay } of stays) stay.leave();
        expect(room.held()).toBe(0);
        for (let who = 0; who < 4; who++) room.enter(100 * MB, `a:${who}`).leave();
      }),
      { numRuns: 1_000 },
    );
  });
});
