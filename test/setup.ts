import { afterEach, beforeEach, expect, vi } from "vitest";

/** Whoever prints an error did not handle it: an unexpected `console.error` fails the test that caused it. */
beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation((...said: unknown[]) => {
    unexpected.push(said.map(String).join(" "));
  });
});

let unexpected: string[] = [];

afterEach(() => {
  const said = unexpected;
  unexpected = [];
  expect(said, "console.error was called").toEqual([]);
});
