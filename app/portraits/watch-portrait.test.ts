import { describe, expect, it } from "vitest";
import { portraitRecord } from "#test/builders/portrait-record.ts";
import type { PortraitRecord, PortraitRecords } from "./portrait-records.ts";
import { createPortraitNews, watchPortrait } from "./watch-portrait.ts";

const shopper = { shop: "a.shop", customer: "c:1", session: "s:1", address: null };

/** Records of one portrait that others move on. */
function recordsOf(start: PortraitRecord) {
  const state = { portrait: start, looks: 0 };
  const find: PortraitRecords["find"] = async (shop, owners, id) => {
    state.looks += 1;
    const { portrait } = state;
    return shop === portrait.shop && owners.includes(portrait.shopper) && id === portrait.id ? portrait : undefined;
  };
  return { state, records: { find } as PortraitRecords };
}

const watchOf = (start: PortraitRecord) => {
  const { state, records } = recordsOf(start);
  const news = createPortraitNews();
  const stop = new AbortController();
  const watch = (waitMs: number) =>
    watchPortrait({ records, news }, shopper, { id: start.id, waitMs, signal: stop.signal });
  const move = (facts: Partial<PortraitRecord>) => (state.portrait = { ...state.portrait, ...facts });
  return { state, news, stop, watch, move };
};

describe("who waits for a portrait", () => {
  it.each(["ready", "failed", "cancelled", "pending"] as const)("that is %s is answered at once", async (status) => {
    const { watch, state } = watchOf(portraitRecord({ status, stage: null }));
    expect((await watch(600_000)).status).toBe(status);
    expect(state.looks).toBe(1);
  });

  it("and does not want to wait is answered at once", async () => {
    const { watch, state } = watchOf(portraitRecord());
    expect((await watch(0)).status).toBe("queued");
    expect(state.looks).toBe(1);
  });

  it("is woken by news of this process when the stage has moved", async () => {
    const { watch, move, news, state } = watchOf(portraitRecord({ status: "making", stage: "cutting_out" }));
    const answer = watch(600_000);
    await new Promise((resolve) => setTimeout(resolve, 10));
    const { shop, key } = move({ stage: "painting" });
    news.changed(shop, key);
    expect((await answer).stage).toBe("painting");
    expect(state.looks).toBe(2);
  });

  it("waits on when the news is of another picture or tells nothing new", async () => {
    const { watch, move, news } = watchOf(portraitRecord({ key: "mine" }));
    const answer = watch(600_000);
    await new Promise((resolve) => setTimeout(resolve, 10));
    news.changed("a.shop", "other");
    news.changed("a.shop", "mine");
    await new Promise((resolve) => setTimeout(resolve, 10));
    move({ status: "ready", stage: null });
    news.changed("a.shop", "mine");
    expect((await answer).status).toBe("ready");
  });

  it("sees what another instance did at its next look", async () => {
    const { watch, move } = watchOf(portraitRecord());
    const answer = watch(600_000);
    move({ status: "ready", stage: null });
    expect((await answer).status).toBe("ready");
  });

  it("is answered with how it stands when the time is over, or when they have gone", async () => {
    const { watch, stop } = watchOf(portraitRecord());
    expect((await watch(30)).status).toBe("queued");
    const answer = watch(600_000);
    stop.abort();
    expect((await answer).status).toBe("queued");
  });

  it("and is somebody else gets nothing", async () => {
    const { watch } = watchOf(portraitRecord({ shopper: "c:2" }));
    await expect(watch(600_000)).rejects.toMatchObject({ code: "not_found" });
  });

  it("and is forgotten meanwhile gets nothing", async () => {
    const { watch, move } = watchOf(portraitRecord());
    const answer = watch(600_000);
    move({ shopper: "nobody" });
    await expect(answer).rejects.toMatchObject({ code: "not_found" });
  });
});
