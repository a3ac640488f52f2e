import { describe, expect, it } from "vitest";
import { examine, isHealthy, reportOf } from "./examine.ts";
import { failed, ok, skipped, warning, type Check } from "./finding.ts";

const check = (name: string, look: Check["look"]): Check => ({ name, look });

describe("an examination", () => {
  it("finds something for each check, in their order, whatever happens to it", async () => {
    const findings = await examine(
      [
        check("slow", async () => new Promise((resolve) => setTimeout(() => resolve(ok("at last")), 30))),
        check("never", () => new Promise(() => undefined)),
        check("broken", () => Promise.reject(new TypeError("fetch failed", { cause: coded("ECONNREFUSED") }))),
        check("fine", async () => ok("fine")),
      ],
      { deadlineMs: 300 },
    );
    expect(findings.map(({ name, state, said }) => [name, state, said])).toEqual([
      ["slow", "ok", "at last"],
      ["never", "failed", "no answer within 0.3 s"],
      ["broken", "failed", "fetch failed (ECONNREFUSED)"],
      ["fine", "ok", "fine"],
    ]);
  });

  it("tells a check that its time is up", async () => {
    let told = false;
    const looks = check("listens", (signal) => {
      return new Promise((_resolve, reject) =>
        signal.addEventListener("abort", () => reject(new Error(String((told = true))))),
      );
    });
    await examine([looks], { deadlineMs: 20 });
    expect(told).toBe(true);
  });
});

describe("a report", () => {
  const findings = [
    { name: "clock", ...ok("0.1 s behind") },
    { name: "app proxy", ...failed("401", "Look at the secret.") },
    { name: "model", ...warning("ends soon", "Choose another.") },
    { name: "Firestore", ...skipped("not in use") },
  ];

  it("says below each trouble what to do about it", () => {
    expect(reportOf(findings)).toBe(
      [
        "ok       clock      0.1 s behind",
        "failed   app proxy  401",
        "                    → Look at the secret.",
        "warning  model      ends soon",
        "                    → Choose another.",
        "skipped  Firestore  not in use",
        "",
        "1 ok, 1 warnings, 1 failed, 1 skipped",
        "",
      ].join("\n"),
    );
  });

  it("is bad when something failed, and not for a warning or what was skipped", () => {
    expect([isHealthy(findings), isHealthy(findings.filter(({ state }) => state !== "failed"))]).toEqual([false, true]);
  });
});

const coded = (code: string) => Object.assign(new Error(code), { code });
