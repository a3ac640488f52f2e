import { beforeEach, describe, expect, it } from "vitest";
import { randomIds } from "#app/kernel/ids.ts";
import { createSessionTokens, type SessionTokens } from "./session-token.ts";

const shop = "a.myshopify.com";
const sevenDaysMs = 7 * 24 * 60 * 60 * 1000;
const noon = Date.parse("2026-03-29T12:00:00.400Z");
let nowMs = noon;
const clock = { nowMs: () => nowMs, now: () => new Date(nowMs) };
const tokensOf = (...secrets: string[]): SessionTokens => createSessionTokens({ secrets, clock, ids: randomIds });
const expectRefused = (tokens: SessionTokens, token: string | null, of = shop) =>
  expect(() => tokens.read(of, token), String(token)).toThrow(
    expect.objectContaining({ code: "session_required", kind: "unsigned" }),
  );

describe("a session token", () => {
  const tokens = tokensOf("s1");
  beforeEach(() => (nowMs = noon));

  it("names a session that nobody can guess, another one each time", () => {
    const ids = Array.from({ length: 100 }, () => tokens.read(shop, tokens.issue(shop)));
    expect(new Set(ids).size).toBe(100);
    expect(ids[0]).toMatch(/^ses_[A-Za-z0-9_-]{22}$/);
  });

  it("is good for seven days to the second, and renewed it is good for seven more", () => {
    const token = tokens.issue(shop);
    const id = tokens.read(shop, token);
    nowMs = noon + sevenDaysMs - 1_000;
    expect(tokens.read(shop, token)).toBe(id);
    const renewed = tokens.renew(shop, id);
    nowMs = noon + sevenDaysMs;
    expectRefused(tokens, token);
    expect(tokens.read(shop, renewed)).toBe(id);
    nowMs = noon + 2 * sevenDaysMs;
    expectRefused(tokens, renewed);
  });

  it("means nothing to another shop", () => expectRefused(tokens, tokens.issue(shop), "b.myshopify.com"));

  it("survives a rotation of the secret, and is signed with the new one from then on", () => {
    const old = tokens.issue(shop);
    const rotated = tokensOf("s2", "s1");
    expect(rotated.read(shop, old)).toBe(tokens.read(shop, old));
    expectRefused(tokens, rotated.issue(shop));
    expectRefused(tokensOf("s2"), old);
  });

  it("is refused when any part of it was changed", () => {
    const token = tokens.issue(shop);
    const [version, id = "", end = "", signature = ""] = token.split(".");
    const later = String(Number(end) + 1);
    const forged = [
      null,
      "",
      "null",
      `v2.${id}.${end}.${signature}`,
      `${version}.${id}.${later}.${signature}`,
      `${version}.${tokens.read(shop, tokens.issue(shop))}.${end}.${signature}`,
      `${version}.${id}.${end}`,
      `${version}.${id}.${end}.${signature.slice(1)}`,
      `${version}.${id}.${end}.${signature}A`,
      `${version}.${id}.${end}.${signature.replace(/^./, (c) => (c === "A" ? "B" : "A"))}`,
      `${version}.${id}.1e9.${signature}`,
      ` ${token}`,
      `${token}\n`,
    ];
    for (const one of forged) expectRefused(tokens, one);
  });
});
