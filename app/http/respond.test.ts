import { describe, expect, it } from "vitest";
import { AppError, type ErrorKind } from "#app/kernel/errors.ts";
import { quietLog } from "#test/builders/quiet-log.ts";
import { readJson } from "./read-json.ts";
import { errorResponse } from "./respond.ts";

const nowMs = Date.parse("2026-03-29T12:00:00Z");
const answerTo = async (error: unknown) => {
  const { log, said } = quietLog();
  const response = errorResponse(error, { log, nowMs });
  return { status: response.status, headers: response.headers, body: (await response.json()) as unknown, said };
};
const errorOf = (kind: ErrorKind, facts = {}) =>
  new AppError({ code: "a_code", kind, publicMessage: "A sentence.", message: "for us", ...facts });

describe("what went wrong", () => {
  it.each([
    ["unsigned", 401],
    ["invalid", 422],
    ["too-large", 413],
    ["unsupported", 415],
    ["not-found", 404],
    ["conflict", 409],
    ["exhausted", 429],
    ["unavailable", 503],
    ["bug", 500],
  ] as const)("as %s is answered with %i and the sentence for shoppers, and kept by nobody", async (kind, status) => {
    const answer = await answerTo(errorOf(kind, { field: "photo" }));
    expect(answer).toMatchObject({
      status,
      body: { error: { code: "a_code", message: "A sentence.", field: "photo" } },
    });
    expect(JSON.stringify(answer.body)).not.toContain("for us");
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
  });

  it("in our own code says nothing of itself to the visitor and all of it to the log", async () => {
    const cause = new TypeError("x is not a function at /secret/path");
    const { status, body, said } = await answerTo(cause);
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain("secret");
    expect(said).toMatchObject([{ level: "error", facts: { error: cause } }]);
  });

  it("by a visitor's doing is not told to the log", async () => {
    for (const kind of ["unsigned", "invalid", "exhausted", "not-found"] as const) {
      expect((await answerTo(errorOf(kind))).said).toEqual([]);
    }
  });

  it("and passes says when to come back, in seconds and in words", async () => {
    const { headers, body } = await answerTo(errorOf("exhausted", { retryAtMs: nowMs + 1_500 }));
    expect(headers.get("Retry-After")).toBe("2");
    expect(body).toMatchObject({ error: { retry_at: "2026-03-29T12:00:01.500Z" } });
    expect((await answerTo(errorOf("exhausted", { retryAtMs: nowMs - 1 }))).headers.get("Retry-After")).toBe("1");
    expect((await answerTo(errorOf("unavailable"))).headers.get("Retry-After")).toBe("5");
    expect((await answerTo(errorOf("invalid"))).headers.get("Retry-After")).toBeNull();
  });
});

describe("a body of JSON", () => {
  const request = (body: BodyInit | ReadableStream) =>
    new Request("http://x/", { method: "POST", body, duplex: "half" });
  const streamOf = (chunks: string[], end: (controller: ReadableStreamDefaultController) => void) =>
    new ReadableStream({
      start: (controller) => {
        for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
        end(controller);
      },
    });

  it("is read across its chunks, with the hash of its bytes", async () => {
    const whole = await readJson(request('{"a":"ü"}'));
    const pieces = await readJson(request(streamOf(['{"a":', '"ü"}'], (controller) => controller.close())));
    expect(whole.value).toEqual({ a: "ü" });
    expect(pieces).toEqual(whole);
    expect(whole.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect((await readJson(request('{"a": "ü"}'))).sha256).not.toBe(whole.sha256);
  });

  it("that stops in the middle is its sender's affair", async () => {
    const cut = request(streamOf(['{"a":'], (controller) => controller.error(new Error("ECONNRESET"))));
    await expect(readJson(cut)).rejects.toMatchObject({ code: "body_cut_off", kind: "invalid", report: false });
  });

  it("that is too long is not read to its end", async () => {
    let sent = 0;
    const endless = new ReadableStream({
      pull: (controller) => {
        sent += 10_000;
        controller.enqueue(new Uint8Array(10_000));
      },
    });
    await expect(readJson(request(endless))).rejects.toMatchObject({ code: "body_too_large", kind: "too-large" });
    expect(sent).toBeLessThan(100_000);
  });

  it("that is none is refused", async () => {
    for (const body of ["", "{", "\u0000", "undefined"]) {
      await expect(readJson(request(body))).rejects.toMatchObject({ code: "body_malformed" });
    }
    await expect(readJson(request(new Uint8Array([0x22, 0xff, 0x22])))).rejects.toMatchObject({
      code: "body_malformed",
    });
    await expect(readJson(new Request("http://x/", { method: "POST" }))).rejects.toMatchObject({
      code: "body_malformed",
    });
  });
});
