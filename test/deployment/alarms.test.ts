import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { alarmsOf } from "../../scripts/google-cloud/alarms.ts";
import { alarmSteps, metricSteps } from "../../scripts/google-cloud/alarm-policies.ts";
import { readDeployment } from "../../scripts/google-cloud/settings.ts";
import { flagName, type Flag, type Gcloud } from "../../scripts/google-cloud/step.ts";

const root = new URL("../../", import.meta.url).pathname;
const alarms = alarmsOf({ service: "pets", job: "pets-doctor" });
const sources = globSync("app/**/*.{ts,tsx}", { cwd: root }).filter((file) => !file.includes(".test."));
const code = sources.map((file) => readFileSync(`${root}${file}`, "utf8")).join("\n");
const docs = readFileSync(`${root}docs/deployment.md`, "utf8");

/** Every event that a filter waits for, whether it names one or several. */
const eventsIn = (filter: string): string[] =>
  [...filter.matchAll(/jsonPayload\.message=(\([^)]*\)|"[^"]*")/g)].flatMap(([, events = ""]) =>
    [...events.matchAll(/"([^"]*)"/g)].map(([, event = ""]) => event),
  );

describe("an alarm", () => {
  it.each(alarms.map(({ name, watch }) => [name, watch] as const))("waits for what the app says: %s", (_, watch) => {
    const events = eventsIn(watch.filter);
    expect(events.filter((event) => !code.includes(`"${event}"`))).toEqual([]);
    expect(events.length > 0 || watch.filter.includes("severity>=ERROR")).toBe(true);
  });

  it("is raised for a model that retires, by the app and by the doctor", () => {
    const { watch } = alarms.find(({ id }) => id === "model_retires")!;
    expect(eventsIn(watch.filter)).toEqual(["model retires", "finding"]);
  });

  it.each(alarms.map(({ id, name, toDo }) => [id, name, toDo] as const))(
    "says what to do, there and in the docs: %s",
    (id, name, toDo) => {
      expect(id).toMatch(/^[a-z_]+$/);
      expect(toDo.length).toBeGreaterThan(150);
      expect(docs).toContain(`| ${name} |`);
    },
  );

  it("is one of its name, and watches its own installation only", () => {
    expect(new Set(alarms.map(({ id }) => id)).size).toBe(alarms.length);
    expect(new Set(alarms.map(({ name }) => name)).size).toBe(alarms.length);
    for (const { watch } of alarms)
      for (const place of watch.filter.split(" OR ("))
        expect(place).toMatch(/_name="pets(-doctor)?"|job_id="pets-doctor"/);
  });
});

const given = {
  GOOGLE_CLOUD_PROJECT: "my-project",
  SHOPIFY_APP_URL: "https://pets.example.com",
  SHOPIFY_API_KEY: "0123456789abcdef0123456789abcdee",
  SHOPIFY_API_SECRET: "hush",
  ALERT_EMAIL: "ops@example.com",
};
const to = readDeployment(given, "x");
const flagOf = ({ flags = [] }: Gcloud, name: string): Flag | undefined =>
  flags.find((flag) => flagName(flag) === name);

type Policy = {
  conditions: Record<string, { filter?: string; query?: string }>[];
  alertStrategy: Record<string, unknown>;
};
const policies = alarmSteps(to)
  .filter(({ name }) => name.startsWith("the alarm:"))
  .map(({ make = [], settle = [] }) => {
    const [made, set] = [...make, ...settle].map(
      (gcloud) => (flagOf(gcloud, "--policy-from-file")?.[1] ?? {}) as object,
    );
    expect(set).toEqual(made);
    return (made as { content: Policy }).content;
  });

describe("its policy", () => {
  it("has the one condition of its kind, and a pause between mails where Google wants one", () => {
    for (const [index, { watch }] of alarms.entries()) {
      const { conditions, alertStrategy } = policies[index]!;
      expect(conditions).toHaveLength(1);
      const kind = {
        line: "conditionMatchedLog",
        count: "conditionThreshold",
        silence: "conditionPrometheusQueryLanguage",
      };
      expect(Object.keys(conditions[0]!)).toEqual(["displayName", kind[watch.kind]]);
      expect("notificationRateLimit" in alertStrategy).toBe(watch.kind === "line");
    }
  });

  it("counts with a metric that the deployment makes, and waits where it is new", () => {
    const made = metricSteps(to).flatMap(({ make = [] }) => make.flatMap(({ names = [] }) => names));
    const used = policies.flatMap(({ conditions }) => {
      const text = JSON.stringify(conditions);
      return [...text.matchAll(/googleapis(?:\.com\/user\/|_com:user_)(\w+)/g)].map(([, metric]) => metric);
    });
    expect(used.sort()).toEqual([...made].sort());
    for (const { make = [], settle = [] } of alarmSteps(to).slice(1))
      for (const gcloud of [...make, ...settle]) expect(gcloud.triedAgainWhile).toBe("metric was created recently");
  });

  it("tells the address that was given, and those whom somebody has added by hand", () => {
    const told = (environment: Record<string, string>) =>
      alarmSteps(readDeployment(environment, "x"))
        .flatMap(({ settle = [] }) => settle)
        .map((gcloud) => flagOf(gcloud, "--set-notification-channels")?.[1]);
    expect(new Set(told(given).map((value) => JSON.stringify(value)))).toEqual(
      new Set([JSON.stringify({ kept: ["ITS_CHANNELS", "EMAIL_CHANNEL"] })]),
    );
    expect(told({ ...given, ALERT_EMAIL: "" })[0]).toEqual({ kept: ["ITS_CHANNELS"] });
  });
});
