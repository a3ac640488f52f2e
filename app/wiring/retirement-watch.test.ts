import { describe, expect, it } from "vitest";
import { repeatInBackground } from "#app/background-work.ts";
import { readConfig } from "#app/config.server.ts";
import { imageModels, retiresSoon } from "#app/painters/models.ts";
import { until } from "#test/builders/quick-house.ts";
import { quietLog } from "#test/builders/quiet-log.ts";
import { stoppedClock } from "#test/builders/stopped-clock.ts";
import { openPainting } from "./painting.ts";
import { createRetirementWatch } from "./retirement-watch.ts";

const dayMs = 24 * 60 * 60 * 1000;
const id = imageModels[0]!.id;
const ending = imageModels.map((model) => ({
  ...model,
  retirement: { shutdownOn: model.id === id ? "2027-01-10" : null, source: "test" },
}));

function watchFrom(day: string) {
  const { log, said } = quietLog();
  const clock = stoppedClock(Date.parse(`${day}T09:00:00Z`));
  const models = [id, imageModels[1]!.id];
  const sentence: typeof retiresSoon = (model, nowMs, time) => retiresSoon(model, nowMs, time, ending);
  const sentences = () => said.map(({ facts }) => String(facts?.said));
  return { watch: createRetirementWatch({ models, clock, log, sentence }), clock, log, said, sentences };
}

describe("a process that has been up for weeks", () => {
  it("tells of a model of its own list once a day, from 45 days before on and after its end", async () => {
    const { watch, clock, log, said, sentences } = watchFrom("2026-11-25");
    let looks = 0;
    const look = async () => void (watch.look(), looks++);
    const stop = repeatInBackground(log, [{ name: "watch models", everyMs: 1, work: look }]);
    for (let day = 0; day < 50; day++) {
      const before = looks;
      await until(() => looks > before + 3);
      clock.atMs += dayMs;
    }
    await stop();
    expect(new Set(said.map(({ level, event, facts }) => `${level} ${event} ${String(facts?.model)}`))).toEqual(
      new Set([`warn model retires ${id}`]),
    );
    const days = sentences().map((sentence) => /in (\d+) days|ended on/.exec(sentence)?.[1] ?? "ended");
    // The loop may look once more on the day after the last one.
    expect(days.slice(0, 50)).toEqual([
      ...Array.from({ length: 46 }, (_, passed) => String(45 - passed)),
      ...Array.from({ length: 4 }, () => "ended"),
    ]);
    expect(days.length).toBeLessThanOrEqual(51);
  });

  it("tells each day of what the provider said once, also when nobody has a portrait painted", () => {
    const { watch, clock, sentences } = watchFrom("2026-11-25");
    watch.heard(id, "2026-12-05T12:00:00Z");
    clock.atMs += dayMs;
    watch.look();
    expect(sentences()).toEqual([
      expect.stringContaining("ends on 2026-12-05, in 10 days"),
      expect.stringContaining("ends on 2026-12-05, in 9 days"),
    ]);
  });
});

describe("a provider that says it beside every picture", () => {
  it("is told of once a day, and at once when it names another time", () => {
    const { watch, sentences } = watchFrom("2026-11-25");
    watch.look();
    for (const time of ["2026-12-20", "2026-12-20", "2026-12-05", "2026-12-05"]) watch.heard(id, time);
    watch.look();
    const ends = sentences().map((sentence) => /ends on (\S+),/.exec(sentence)?.[1]);
    expect(ends).toEqual(["2027-01-10", "2026-12-20", "2026-12-05"]);
  });

  it("is not told of while there is time, nor when it names no time", () => {
    const { watch, sentences } = watchFrom("2026-11-01");
    watch.look();
    watch.heard(id, "2027-06-01");
    watch.heard(imageModels[1]!.id, "soon");
    expect(sentences()).toEqual([]);
  });
});

it("both models of a configuration are watched, the cheaper one as well", async () => {
  const { log, said } = quietLog();
  const clock = stoppedClock(Date.parse("2026-11-25T09:00:00Z"));
  const config = readConfig({ PAINTER: "gemini", GEMINI_API_KEY: "fake-key" });
  const { retirements, painters, workers } = await openPainting({ config, log, clock, parts: {} });
  for (const { painter } of painters) retirements.heard(painter.model, "2026-12-05");
  clock.atMs += dayMs;
  retirements.look();
  const [usual, cheaper] = painters.map(({ painter }) => painter.model);
  expect(said.map(({ facts }) => facts?.model)).toEqual([usual, cheaper, usual, cheaper]);
  await workers.close();
});
