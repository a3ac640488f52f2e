import { expect, it } from "vitest";
import { quietLog } from "#test/builders/quiet-log.ts";
import { failed, ok, skipped, warning } from "./finding.ts";
import { logFindings } from "./log-findings.ts";

it("findings are told to the log as loud as they are bad, with what to do, and then how many there are", () => {
  const { log, said } = quietLog();
  logFindings(
    [
      { name: "clock", ...ok("0.1 s behind") },
      { name: "model m-1", ...warning("ends soon", "Choose another.") },
      { name: "app proxy", ...failed("401", "Look at the secret.") },
      { name: "Firestore", ...skipped("not in use") },
    ],
    log,
  );
  expect(said.map(({ level, event, facts }) => [level, event, facts?.check])).toEqual([
    ["info", "finding", "clock"],
    ["warn", "finding", "model m-1"],
    ["error", "finding", "app proxy"],
    ["info", "finding", "Firestore"],
    ["info", "examined", undefined],
  ]);
  expect(said[1]?.facts).toMatchObject({ said: "ends soon", toDo: "Choose another." });
  expect(said.at(-1)?.facts).toEqual({ ok: 1, warning: 1, failed: 1, skipped: 1 });
});
