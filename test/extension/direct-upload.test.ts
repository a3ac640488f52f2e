// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from "vitest";
import { sendForm } from "../../extensions/pet-processor/src/page/send-form.ts";
import { orderPortrait } from "../../extensions/pet-processor/src/studio/paint-portrait.ts";
import { createStorefrontClient } from "../../extensions/pet-processor/src/storefront/storefront-client.ts";
import type { StorefrontFault } from "../../extensions/pet-processor/src/storefront/storefront-fault.ts";
import { noPhoto } from "../../extensions/pet-processor/src/studio/studio-state.ts";
import type { Surroundings } from "../../extensions/pet-processor/src/page/surroundings.ts";
import { FakeStorefront, type Script } from "./harness/fake-storefront.ts";

const live = new AbortController().signal;
const blobOf = (size: number, type = "image/png") => new Blob([new Uint8Array(size)], { type });
const large = blobOf(2_000_000);
const tooLargeForProxy = blobOf(20_000_001);

/** A shop whose server offers the way past the proxy, and a storage that answers as it is told. */
function shop(storage: { status?: number; fails?: boolean; onForm?: () => void } = {}, script: Partial<Script> = {}) {
  const server = new FakeStorefront({ stageMs: 0, upload: "direct", maxBytes: 50_000_000, ...script });
  const forms: { url: string; fields: string[] }[] = [];
  let keys = 0;
  const around: Surroundings = {
    now: () => 0,
    random: () => 0.5,
    newKey: () => `key-${String((keys += 1)).padStart(16, "0")}`,
    isOffline: () => false,
    wait: async () => {},
    async sendForm(url, form, { signal, onSent }) {
      forms.push({ url, fields: [...form.keys()] });
      onSent(0.5);
      storage.onForm?.();
      signal.throwIfAborted();
      if (storage.fails) throw new TypeError("no answer");
      return storage.status ?? server.store(form);
    },
    async fetch(url, init) {
      const { pathname, searchParams } = new URL(url, "https://shop.test");
      const { body: given } = init;
      const body: unknown =
        given instanceof Blob ? new Uint8Array(await given.arrayBuffer()) : given ? JSON.parse(given as string) : null;
      const path = pathname.replace("/apps/pet-portraits/", "");
      const answer = await server.answer({ method: init.method ?? "GET", path, query: searchParams, body });
      if (answer === "dropped") throw new TypeError("Failed to fetch");
      return new Response(JSON.stringify(answer.body), { status: answer.status, headers: answer.headers });
    },
  };
  let token: string | null = null;
  const tokens = { session: () => token, keepSession: (next: string | null) => void (token = next) };
  const client = createStorefrontClient("/apps/pet-portraits", tokens, around);
  const shares: number[] = [];
  const send = (bytes: Blob, signal = live) =>
    client.keepPhoto({ bytes, sourceSha256: "ab".repeat(32), signal, onSent: (share) => shares.push(share) });
  const calls = () => server.calls.map(({ method, path }) => `${method} ${path}`);
  return { server, client, forms, calls, shares, send };
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "answered",
    (fault: StorefrontFault) => fault.code,
  );

describe("a large photo", () => {
  it("goes past the proxy: offered, sent with the file last, and told of", async () => {
    const { send, calls, forms, server, shares } = shop();
    const photo = await send(large);
    expect(calls()).toEqual(["GET session", "POST uploads", "POST photos/received"]);
    expect(forms).toEqual([{ url: "https://storage.test/bucket/", fields: ["key", "policy", "file"] }]);
    expect(server.calls[2]?.body).toEqual({ photo_id: expect.stringMatching(/^pht_/) });
    expect(server.calls[2]?.query.get("source_sha256")).toBe("ab".repeat(32));
    expect([photo.width, shares]).toEqual([1024, [0.5]]);
  });

  it("is announced by its length and a type that the server knows", async () => {
    const { send, server } = shop();
    await send(large);
    await send(blobOf(2_000_001, "image/jpeg"));
    const announced = server.calls.filter(({ path }) => path === "uploads").map(({ body }) => body);
    expect(announced).toEqual([
      { bytes: 2_000_000, content_type: "image/jpeg" },
      { bytes: 2_000_001, content_type: "image/jpeg" },
    ]);
  });

  it("makes a portrait by that way, and the bar hears how much of it has gone out", async () => {
    const { client, calls } = shop();
    const shares: number[] = [];
    const photo = { ...noPhoto, bytes: large };
    await orderPortrait(
      client,
      {
        pets: [{ slot: 1, photo, crop: null }],
        style: "ink_wash",
        take: 1,
        pending: false,
        onSent: (n) => shares.push(n),
      },
      live,
    );
    expect(calls()).toEqual(["GET session", "POST uploads", "POST photos/received", "POST portraits"]);
    expect(shares).toEqual([0.5]);
  });

  it("is a share of the whole where several are sent", async () => {
    const { client } = shop();
    const shares: number[] = [];
    const pets = [1, 2].map((slot) => ({ slot, photo: { ...noPhoto, bytes: large }, crop: null }));
    await orderPortrait(
      client,
      { pets, style: "ink_wash", take: 1, pending: false, onSent: (n) => shares.push(n) },
      live,
    );
    expect(shares).toEqual([0.25, 0.75]);
  });

  it.each([
    ["storage does not answer", { fails: true }, {}],
    ["storage refuses the form", { status: 403 }, {}],
    ["nothing is offered", {}, { refusals: [{ path: "uploads", status: 404, code: "not_offered" }] }],
    ["the server finds nothing", {}, { refusals: [{ path: "photos/received", status: 409, code: "upload_missing" }] }],
  ])("goes through the proxy after all where %s", async (_what, storage, script) => {
    const { send, calls } = shop(storage, script);
    expect((await send(large)).id).toMatch(/^pht_/);
    expect(calls().at(-1)).toBe("POST photos");
  });

  it("has no other way where it is larger than the proxy carries", async () => {
    const { send, calls } = shop({ fails: true });
    expect(await codeOf(send(tooLargeForProxy))).toBe("network");
    expect(calls()).not.toContain("POST photos");
    const refusing = shop({}, { refusals: [{ path: "uploads", status: 404, code: "not_offered" }] });
    expect(await codeOf(refusing.send(tooLargeForProxy))).toBe("not_offered");
  });

  it.each(["photo_too_small", "photo_type", "photo_needed"])("is not sent again after %s", async (code) => {
    const { send, calls } = shop({}, { refusals: [{ path: "photos/received", status: 422, code }] });
    expect(await codeOf(send(large))).toBe(code);
    expect(calls()).not.toContain("POST photos");
  });

  it("is not told of where storage has refused it", async () => {
    const { send, calls } = shop({ status: 403 });
    await send(large);
    expect(calls()).toEqual(["GET session", "POST uploads", "POST photos"]);
  });

  it("is left where it is when the shopper turns away", async () => {
    const leaving = new AbortController();
    const { send, calls } = shop({ fails: true, onForm: () => leaving.abort() });
    await expect(send(large, leaving.signal)).rejects.toMatchObject({ name: "AbortError" });
    expect(calls()).toEqual(["GET session", "POST uploads"]);
  });
});

describe("a small photo, or a shop with no other way", () => {
  it("takes the one call through the proxy", async () => {
    const small = shop();
    await small.send(blobOf(1_000_000));
    expect(small.calls()).toEqual(["GET session", "POST photos"]);
    const folder = shop({}, { upload: "proxy" });
    await folder.send(large);
    expect(folder.calls()).toEqual(["GET session", "POST photos"]);
  });
});

describe("a form on its way", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  /** A request that does what the test says. */
  function stubRequest() {
    const request = {
      upload: {} as { onprogress?: (event: object) => void },
      status: 204,
      sent: null as unknown,
      open: vi.fn(),
      send(body: unknown) {
        request.sent = body;
      },
      abort() {
        request.onabort?.();
        request.onloadend?.();
      },
      onload: undefined as undefined | (() => void),
      onerror: undefined as undefined | (() => void),
      onabort: undefined as undefined | (() => void),
      onloadend: undefined as undefined | (() => void),
    };
    vi.stubGlobal("XMLHttpRequest", function () {
      return request;
    });
    return request;
  }

  it("tells how much has gone out, and the status", async () => {
    const request = stubRequest();
    const shares: number[] = [];
    const form = new FormData();
    const sending = sendForm("https://s.test/b/", form, { signal: live, onSent: (share) => shares.push(share) });
    request.upload.onprogress?.({ loaded: 1, total: 4 });
    request.upload.onprogress?.({ loaded: 0, total: 0 });
    request.onload?.();
    request.onloadend?.();
    expect([await sending, shares, request.sent]).toEqual([204, [0.25], form]);
    expect(request.open).toHaveBeenCalledWith("POST", "https://s.test/b/");
  });

  it("is given up when it stands still for half a minute, and not while it moves", async () => {
    vi.useFakeTimers();
    const request = stubRequest();
    const sending = sendForm("u", new FormData(), { signal: live, onSent: () => {} });
    const outcome = sending.catch((fault: Error) => fault.name);
    for (let n = 0; n < 5; n++) {
      vi.advanceTimersByTime(29_000);
      request.upload.onprogress?.({ loaded: n, total: 9 });
    }
    let isOver = false;
    void outcome.then(() => (isOver = true));
    await Promise.resolve();
    expect(isOver).toBe(false);
    vi.advanceTimersByTime(30_000);
    expect(await outcome).toBe("TypeError");
  });

  it("ends with the shopper's patience, before and after it has begun", async () => {
    const request = stubRequest();
    const leaving = new AbortController();
    const sending = sendForm("u", new FormData(), { signal: leaving.signal, onSent: () => {} });
    leaving.abort();
    await expect(sending).rejects.toMatchObject({ name: "AbortError" });
    const late = sendForm("u", new FormData(), { signal: leaving.signal, onSent: () => {} });
    await expect(late).rejects.toMatchObject({ name: "AbortError" });
    expect(request.open).toHaveBeenCalledTimes(1);
  });

  it("says that no answer came", async () => {
    const request = stubRequest();
    const sending = sendForm("u", new FormData(), { signal: live, onSent: () => {} });
    request.onerror?.();
    await expect(sending).rejects.toBeInstanceOf(TypeError);
  });
});
