import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPixelRoom, type PixelStay } from "./pixel-room.ts";

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("memory for pixels", () => {
  it("lets work in as far as it goes, first come first served, also where a small one would fit before a large one", async () => {
    const room = createPixelRoom({ bytes: 100 });
    const order: string[] = [];
    const come = async (name: string, bytes: number) => {
      const stay = await room.enter(bytes);
      order.push(name);
      return stay;
    };
    const first = await come("first", 60);
    const large = come("large", 80);
    const small = come("small", 10);
    await settled();
    expect(order).toEqual(["first"]);
    first.keep(15);
    await settled();
    expect(order).toEqual(["first", "large"]);
    (await large).leave();
    await small;
    expect(order).toEqual(["first", "large", "small"]);
  });

  it("gives all of itself to what needs more, alone", async () => {
    const room = createPixelRoom({ bytes: 100 });
    const first = await room.enter(1);
    const huge = room.enter(1_000);
    const after = room.enter(1);
    await settled();
    first.leave();
    (await huge).leave();
    (await after).leave();
  });

  it("does not wait for who has gone, and nobody stands behind them", async () => {
    const room = createPixelRoom({ bytes: 100 });
    const first = await room.enter(60);
    const gone = new AbortController();
    const large = room.enter(80, { signal: gone.signal });
    const small = room.enter(40);
    gone.abort(new Error("gone"));
    await expect(large).rejects.toThrow("gone");
    await small;
    await expect(room.enter(1, { signal: gone.signal })).rejects.toThrow("gone");
    first.leave();
    (await room.enter(60)).leave();
  });

  it("holds never more than there is, and lets everybody in at last", async () => {
    const work = fc.record({ bytes: fc.integer({ min: 1, max: 150 }), keeps: fc.nat(150), goes: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(work, { size: "max", maxLength: 60 }), async (works) => {
        const room = createPixelRoom({ bytes: 100 });
        let held = 0;
        await Promise.all(
          works.map(async ({ bytes, keeps, goes }) => {
            const signal = goes ? AbortSignal.abort() : undefined;
            const stay: PixelStay | undefined = await room.enter(bytes, { signal }).catch(() => undefined);
            if (stay === undefined) return;
            const taken = Math.min(bytes, 100);
            held += taken;
            expect(held).toBeLessThanOrEqual(100);
            await settled();
            held -= taken;
            if (keeps < taken) held += keeps;
            else held += taken;
            stay.keep(keeps);
            await settled();
            held -= Math.min(keeps, taken);
            stay.leave();
            stay.leave();
          }),
        );
        (await room.enter(100)).leave();
      }),
      { numRuns: 30 },
    );
  });
});
