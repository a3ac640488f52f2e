import { describe, expect, it } from "vitest";
import { orderPortrait, followPortrait } from "../../extensions/pet-processor/src/studio/paint-portrait.ts";
import { createStorefrontClient } from "../../extensions/pet-processor/src/storefront/storefront-client.ts";
import {
  blockedBy,
  troubleOf,
  type StorefrontFault,
} from "../../extensions/pet-processor/src/storefront/storefront-fault.ts";
import { noPhoto, type Pet, type Photo } from "../../extensions/pet-processor/src/studio/studio-state.ts";
import type { Surroundings } from "../../extensions/pet-processor/src/page/surroundings.ts";
import { FakeStorefront, type Script } from "./harness/fake-storefront.ts";

const live = new AbortController().signal;
const bytes = new Blob(["a dog"]);
const photo: Photo = { ...noPhoto, bytes, sourceSha256: "ab".repeat(32) };
const sent = (of: Blob) => ({ bytes: of, sourceSha256: null, signal: live, onSent: () => {} });
const petsWith = (of: Photo): Pet[] => [{ slot: 1, photo: of, crop: null }];
const order = { pets: petsWith(photo), style: "ink_wash", take: 1, pending: false };

/** A shop with the scripted server, a clock that jumps over every wait, and a shopper who may have been here before. */
function shop(options: { script?: Partial<Script>; token?: string | null; isOffline?: boolean } = {}) {
  const server = new FakeStorefront({ stageMs: 0, ...options.script });
  const waits: number[] = [];
  let token = options.token ?? null;
  let keys = 0;
  const around: Surroundings = {
    now: () => Date.now(),
    random: () => 0.5,
    newKey: () => `key-${String((keys += 1)).padStart(16, "0")}`,
    isOffline: () => options.isOffline ?? false,
    wait: async (ms) => void waits.push(ms),
    sendForm: () => Promise.reject(new Error("nothing here is sent past the proxy")),
    async fetch(url, init) {
      const { pathname, searchParams } = new URL(url, "https://shop.test");
      const sent = await bodyOf(init.body);
      const path = pathname.replace("/apps/pet-portraits/", "");
      const answer = await server.answer({ method: init.method ?? "GET", path, query: searchParams, body: sent });
      if (answer === "dropped") throw new TypeError("Failed to fetch");
      const body = answer.status === 204 ? null : JSON.stringify(answer.body);
      return new Response(body, { status: answer.status, headers: answer.headers });
    },
  };
  const tokens = { session: () => token, keepSession: (next: string | null) => void (token = next) };
  const client = createStorefrontClient("/apps/pet-portraits", tokens, around);
  const calls = () => server.calls.map(({ method, path }) => `${method} ${path.replace(/por_\d+/, "ID")}`);
  const keysOf = (path: string) =>
    server.calls.filter((call) => call.path === path).map((call) => call.query.get("key"));
  return { server, client, around, waits, calls, keysOf, token: () => token };
}

async function bodyOf(body: RequestInit["body"]): Promise<unknown> {
  if (body instanceof Blob) return new Uint8Array(await body.arrayBuffer());
  return typeof body === "string" ? (JSON.parse(body) as unknown) : null;
}

const faultOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (fault: unknown) => fault as StorefrontFault,
  );

describe("the way to the server", () => {
  it("opens a session first, sends the photo of a new shopper at once, and asks", async () => {
    const { client, calls, server, token } = shop();
    const { portrait, pets: kept } = await orderPortrait(client, order, live);
    expect(calls()).toEqual(["GET session", "POST photos", "POST portraits"]);
    expect(server.calls[1]?.query.get("source_sha256")).toBe(photo.sourceSha256);
    expect(server.calls[2]?.body).toEqual({ photos: [{ id: kept[0]?.photo.id }], style: "ink_wash", take: 1 });
    expect([portrait.style, token()]).toEqual(["ink_wash", "session-1"]);
  });

  it("sends nothing but the closed list of names in the query", async () => {
    const { client, server, around } = shop();
    const { portrait } = await orderPortrait(client, order, live);
    await followPortrait({ client, around, portrait, signal: live, onNews: () => {} });
    const names = new Set(server.calls.flatMap(({ query }) => [...query.keys()]));
    expect([...names].sort()).toEqual(["key", "session", "source_sha256", "wait_ms"]);
    expect(
      server.calls.flatMap(({ query }) => query.getAll("key")).every((key) => /^[A-Za-z0-9_-]{16,64}$/.test(key)),
    ).toBe(true);
  });

  it("asks for a returning shopper's photo by its hash, with no upload", async () => {
    const first = shop();
    await orderPortrait(first.client, order, live);
    const second = shopOn(first);
    await orderPortrait(second.client, { ...order, pets: petsWith({ ...photo, bytes: null }) }, live);
    expect(second.newCalls()).toEqual(["GET session", "POST portraits"]);
  });

  it("sends the photo after a 409, also when the server has lost one that it knew by id", async () => {
    const { client, server, calls } = shop();
    const { pets: kept } = await orderPortrait(client, order, live);
    server.forgetPhotos();
    await orderPortrait(client, { ...order, pets: kept, take: 2 }, live);
    expect(calls().slice(3)).toEqual(["POST portraits", "POST photos", "POST portraits"]);
  });

  it("sends the photos of several pets one after the other, and asks for them in their order, each with its crop", async () => {
    const crop = { x: 0, y: 0.1, width: 0.5, height: 0.5, turn: 90 } as const;
    const another = { ...photo, bytes: new Blob(["a cat"]), sourceSha256: "cd".repeat(32) };
    const { client, calls, server } = shop();
    const pets: Pet[] = [...petsWith(photo), { slot: 2, photo: another, crop }];
    const { pets: kept } = await orderPortrait(client, { ...order, pets }, live);
    expect(calls()).toEqual(["GET session", "POST photos", "POST photos", "POST portraits"]);
    const [first, second] = kept.map((pet) => pet.photo.id);
    expect(server.calls.at(-1)?.body).toMatchObject({ photos: [{ id: first }, { id: second, crop }] });
    expect(first).not.toBe(second);
  });

  it("says that the photo is needed where it is on neither side", async () => {
    const { client, server } = shop();
    const { pets: kept } = await orderPortrait(client, order, live);
    server.forgetPhotos();
    const lost = kept.map((pet) => ({ ...pet, photo: { ...pet.photo, bytes: null } }));
    const fault = await faultOf(orderPortrait(client, { ...order, pets: lost, take: 2 }, live));
    expect(fault?.code).toBe("photo_needed");
    expect(troubleOf(fault).retryable).toBe(false);
  });

  it("renews a session that has run out, once, and repeats", async () => {
    const { client, server, calls, token } = shop();
    await orderPortrait(client, order, live);
    server.endSessions();
    await client.keepPhoto(sent(bytes));
    expect(calls().slice(3)).toEqual(["POST photos", "GET session", "POST photos"]);
    expect(token()).toBe("session-4");
  });

  it("gives up when a fresh session is refused too", async () => {
    const refusals = [1, 2].map(() => ({ path: "photos", status: 401, code: "session_required" }));
    const { client, calls } = shop({ script: { refusals } });
    const fault = await faultOf(client.keepPhoto(sent(bytes)));
    expect([fault?.status, calls().length]).toEqual([401, 4]);
  });

  it("starts as a new shopper where the remembered session is refused", async () => {
    const { client, token } = shop({ token: "forged" });
    await client.session(live);
    expect(token()).toBe("session-1");
  });

  it("opens one session for two calls that miss it at once", async () => {
    const { client, calls } = shop();
    await Promise.all([client.session(live), client.keepPhoto(sent(bytes)), client.keepPhoto(sent(new Blob(["b"])))]);
    expect(calls().filter((call) => call === "GET session")).toHaveLength(1);
  });

  it("repeats what got no answer under the same key, so that nothing is done twice", async () => {
    const { client, server, keysOf, waits } = shop({
      script: {
        refusals: [
          { path: "portraits", drop: "after" },
          { path: "portraits", drop: "before" },
        ],
      },
    });
    await orderPortrait(client, order, live);
    expect(keysOf("portraits")).toHaveLength(3);
    expect(new Set(keysOf("portraits")).size).toBe(1);
    expect(server.portraits()).toHaveLength(1);
    expect(waits).toEqual([600, 1800]);
  });

  it("stops after four silences and names the network", async () => {
    const refusals = Array.from({ length: 9 }, () => ({ path: "session", drop: "before" as const }));
    const { client, calls } = shop({ script: { refusals } });
    expect((await faultOf(client.session(live)))?.code).toBe("network");
    expect(calls()).toHaveLength(4);
  });

  it("names being offline at once, without trying again", async () => {
    const { client, calls } = shop({ isOffline: true, script: { refusals: [{ path: "session", drop: "before" }] } });
    expect((await faultOf(client.session(live)))?.code).toBe("offline");
    expect(calls()).toHaveLength(1);
  });

  it("waits as long as a busy server asks, tries once more under a new key, then tells", async () => {
    const busy = { path: "portraits", status: 503, code: "busy", headers: { "retry-after": "2" } };
    const once = shop({ script: { refusals: [busy] } });
    await orderPortrait(once.client, order, live);
    expect(once.waits).toEqual([2000]);
    expect(new Set(once.keysOf("portraits")).size).toBe(2);
    const twice = shop({ script: { refusals: [busy, busy] } });
    const fault = await faultOf(orderPortrait(twice.client, order, live));
    expect(blockedBy(fault)?.reason).toBe("busy");
    expect(Date.parse(blockedBy(fault)?.retryAt ?? "")).toBeGreaterThan(Date.now());
  });

  it("does not hold the shopper for a long Retry-After", async () => {
    const { client, waits } = shop({
      script: { refusals: [{ path: "portraits", status: 503, code: "busy", headers: { "retry-after": "60" } }] },
    });
    expect((await faultOf(orderPortrait(client, order, live)))?.code).toBe("busy");
    expect(waits).toEqual([]);
  });

  it.each([
    [429, "quota_none", "day"],
    [429, "quota_burst", "burst"],
    [429, "quota_address", "address"],
    [503, "budget_spent", "budget"],
  ])("takes a %i %s as final and knows it as a limit", async (status, code, reason) => {
    const retryAt = "2026-11-25T00:00:00.000Z";
    const { client, keysOf } = shop({
      script: { refusals: [{ path: "portraits", status, code, retryAt, headers: { "retry-after": "1" } }] },
    });
    const fault = await faultOf(orderPortrait(client, order, live));
    expect(blockedBy(fault)).toEqual({ reason, retryAt });
    expect(keysOf("portraits")).toHaveLength(1);
  });

  it("asks for a portrait to be painted later even with nothing left", async () => {
    const { client, server } = shop({ script: { used: 5 } });
    const { portrait } = await orderPortrait(client, { ...order, pending: true }, live);
    expect(portrait.status).toBe("pending");
    expect(server.calls.at(-1)?.body).toMatchObject({ pending: true });
  });

  it("follows a portrait through its stages to the end", async () => {
    const { client, around } = shop({ script: { stageMs: 250 } });
    const { portrait } = await orderPortrait(client, order, live);
    const seen: (string | null)[] = [];
    await followPortrait({
      client,
      around,
      portrait,
      signal: live,
      onNews: (news) => seen.push(news.stage ?? news.status),
    });
    expect(seen).toEqual(["waiting", "cutting_out", "painting", "saving", "ready"]);
  });

  it("cancels by its id a portrait that was asked for after the shopper had turned away", async () => {
    const { server, around } = shop({ script: { stageMs: 1000 } });
    const leaving = new AbortController();
    const fetch: Surroundings["fetch"] = async (url, init) => {
      const answer = await around.fetch(url, init);
      if (url.includes("/portraits?") && init.method === "POST") leaving.abort();
      return answer;
    };
    let token: string | null = null;
    const tokens = { session: () => token, keepSession: (next: string | null) => void (token = next) };
    const client = createStorefrontClient("/apps/pet-portraits", tokens, { ...around, fetch });
    expect((await faultOf(orderPortrait(client, order, leaving.signal)))?.name).toBe("AbortError");
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(server.portraits().map(({ status }) => status)).toEqual(["cancelled"]);
  });

  it("takes a page of HTML for silence, and a refusal on the way for a refusal", async () => {
    const { around } = shop();
    const html = (status: number): Surroundings => ({
      ...around,
      fetch: async () => new Response("<html>", { status }),
    });
    const client = (status: number) =>
      createStorefrontClient("/apps/x", { session: () => "s", keepSession: () => {} }, html(status));
    expect((await faultOf(client(502).session(live)))?.code).toBe("network");
    expect((await faultOf(client(413).session(live)))?.code).toBe("unknown");
  });

  it("lists this shopper's portraits, newest first, and nobody else's", async () => {
    const mine = shop();
    const first = await orderPortrait(mine.client, order, live);
    const second = await orderPortrait(mine.client, { ...order, take: 2 }, live);
    expect((await mine.client.portraits(live)).map(({ id }) => id)).toEqual([second.portrait.id, first.portrait.id]);
    expect(mine.calls().at(-1)).toBe("GET portraits");
    const { client: other } = shopWith(mine.server);
    expect(await other.portraits(live)).toEqual([]);
  });

  it("forgets everything of this shopper and no longer takes the photo for known", async () => {
    const { client, calls, server } = shop();
    await orderPortrait(client, order, live);
    expect(client.mayKnow("ab".repeat(32))).toBe(true);
    expect(await client.forget(live)).toMatchObject({ photos: 1, portraits: 1 });
    expect([calls().at(-1), server.portraits(), client.mayKnow("ab".repeat(32))]).toEqual(["DELETE photos", [], false]);
  });
});

/** Another shopper's page, of the same shop. */
function shopWith(server: FakeStorefront) {
  const other = shop();
  Object.assign(other.server, { answer: server.answer.bind(server) });
  return other;
}

/** The same server and token on a page that is loaded again. */
function shopOn(first: ReturnType<typeof shop>) {
  const token = first.token();
  const before = first.server.calls.length;
  const client = createStorefrontClient(
    "/apps/pet-portraits",
    { session: () => token, keepSession: () => {} },
    first.around,
  );
  return { client, newCalls: () => first.calls().slice(before) };
}
