import { beforeAll, describe, expect, it } from "vitest";
import { deploymentPlan } from "../../scripts/google-cloud/plan.ts";
import { printPlan, StepFailed, takeSteps, type Run } from "../../scripts/google-cloud/run-plan.ts";
import { readDeployment } from "../../scripts/google-cloud/settings.ts";
import { flagName, type Flag, type Gcloud, type Step } from "../../scripts/google-cloud/step.ts";
import { createGcloudKnowledge, hasGcloud } from "./gcloud-help.ts";

const given = {
  GOOGLE_CLOUD_PROJECT: "my-project",
  SHOPIFY_APP_URL: "https://pets.example.com",
  SHOPIFY_API_KEY: "0123456789abcdef0123456789abcdee",
  SHOPIFY_API_SECRET: "very-secret-shopify",
  IMAGE_TAG: "abc123",
};
const all = { ...given, CUTOUT_IMAGE: "europe-docker.pkg.dev/my-project/pets/rembg:2.0.67", CUTOUT_VERSION: "2.0.67" };
const least = {
  ...given,
  DATABASE_URL: "postgresql://pets:very-secret-database@db.example.com/pets",
  GEMINI_API_KEY: "very-secret-gemini",
  QUOTA_STORE: "database",
};
const planOf = (environment: Record<string, string>) => deploymentPlan(readDeployment(environment, "new-password"));
const commandsOf = ({ look, make = [], settle = [] }: Step): Gcloud[] => [
  ...(look === undefined ? [] : [look.command]),
  ...make,
  ...settle,
];
const linesOf = (steps: Step[]) => {
  const lines: string[] = [];
  printPlan(steps, (line) => lines.push(line));
  return lines;
};

describe("the plan", () => {
  it("makes what is needed before what needs it", () => {
    const names = planOf(all).map(({ name }) => name);
    const at = (part: string) => names.findIndex((name) => name.includes(part));
    expect(at("services")).toBe(0);
    expect(at("account")).toBeLessThan(at("private bucket"));
    expect(at("PostgreSQL")).toBeLessThan(at("value for DATABASE_URL"));
    expect(at("repository")).toBeLessThan(at("the image"));
    expect(names.at(-1)).toBe("the service");
  });

  it.each([
    ["all of Google Cloud", all],
    ["a database and a key from elsewhere", least],
  ])("looks before it makes anything, with %s", (_name, environment) => {
    for (const step of planOf(environment)) {
      const makes = (step.make ?? []).length > 0;
      expect([step.name, step.look !== undefined]).toEqual([step.name, makes]);
      const changes = (step.settle ?? []).map(({ command }) => command);
      expect(changes.filter((command) => /create|versions add|set-password/.test(command))).toEqual([]);
    }
  });

  it("gives the account no right that what is in use does not need", () => {
    const roles = (environment: Record<string, string>) =>
      linesOf(planOf(environment))
        .flatMap((line) => /--member=(\S+) --role=(\S+)/.exec(line)?.slice(1, 3).join(" ") ?? [])
        .map((binding) => binding.replace("serviceAccount:pet-portraits@my-project.iam.gserviceaccount.com ", ""));
    const always = [
      "roles/storage.objectUser",
      "roles/storage.objectUser",
      "allUsers roles/storage.legacyObjectReader",
      "roles/secretmanager.secretAccessor",
      "roles/secretmanager.secretAccessor",
      "roles/iam.serviceAccountTokenCreator",
    ];
    const google = ["roles/datastore.user", "roles/cloudsql.client", "roles/aiplatform.user"];
    expect(roles(all).sort()).toEqual([...always, ...google].sort());
    expect(roles(least).sort()).toEqual([...always, "roles/secretmanager.secretAccessor"].sort());
  });

  it("prints no secret", () => {
    for (const environment of [all, least]) {
      expect(linesOf(planOf(environment)).join("\n")).not.toContain("very-secret");
    }
  });

  it("makes the private bucket private and keeps nothing that was deleted", () => {
    const lines = linesOf(planOf(all)).filter((line) => / storage buckets (create|update) /.test(line));
    expect(lines).toHaveLength(4);
    for (const line of lines) {
      expect(line).toContain("--soft-delete-duration=0s");
      expect(line).toContain("--uniform-bucket-level-access");
      expect(line).toContain(
        line.includes("-private") ? " --public-access-prevention" : " --no-public-access-prevention",
      );
    }
  });

  it("keeps the processor on and an instance there, because portraits are painted between requests", () => {
    const line = linesOf(planOf(all)).find((one) => one.includes("run deploy"))!;
    expect(line).toContain("--no-cpu-throttling --min=1");
    expect(line).toMatch(
      /--container=app .*--startup-probe=httpGet.path=\/health.*--depends-on=cutout --container=cutout/,
    );
  });
});

describe("settings", () => {
  it("that are missing are all named", () => {
    expect(() => readDeployment({}, "x")).toThrow(/GOOGLE_CLOUD_PROJECT[^]*SHOPIFY_APP_URL[^]*SHOPIFY_API_SECRET/);
  });

  it("that the app would refuse at its start are refused before anything is made", () => {
    expect(() => readDeployment({ ...all, SHOPIFY_APP_URL: "http://pets.example.com" }, "x")).toThrow(
      /SHOPIFY_APP_URL/,
    );
    expect(() => readDeployment({ ...all, GEMINI_BASE_URL: "http://127.0.0.1:1" }, "x")).toThrow(/GEMINI_BASE_URL/);
    expect(() => readDeployment({ ...all, QUOTA_GUEST_PER_DAY: "many" }, "x")).toThrow(/QUOTA_GUEST_PER_DAY/);
  });
});

/** A project that remembers which buckets were made in it. */
function project(): { run: Run; ran: string[] } {
  const buckets = new Set<string>();
  const ran: string[] = [];
  const run: Run = (args) => {
    ran.push(args.join(" "));
    const [, , verb, bucket = ""] = args;
    if (verb === "create") buckets.add(bucket);
    if (verb !== "describe" || buckets.has(bucket)) return { status: 0, output: "", error: "" };
    return { status: 1, output: "", error: `ERROR: (gcloud.storage.buckets.describe) ${bucket} not found: 404.` };
  };
  return { run, ran };
}

describe("taking the steps", () => {
  const quiet = () => undefined;
  const steps: Step[] = [
    {
      name: "a bucket",
      look: { command: { command: "storage buckets describe", names: ["gs://a"] } },
      make: [{ command: "storage buckets create", names: ["gs://a"] }],
      settle: [{ command: "storage buckets update", names: ["gs://a"], flags: [["--cors-file", { content: [1] }]] }],
    },
    {
      name: "a value",
      look: { command: { command: "secrets versions list", names: ["s"] }, says: "enabled" },
      make: [{ command: "secrets versions add", names: ["s"], flags: [["--data-file", "-"]], input: () => "hush" }],
    },
  ];

  it("makes what is missing, once, and settles every time", () => {
    const { run, ran } = project();
    takeSteps(steps.slice(0, 1), { run, say: quiet });
    takeSteps(steps.slice(0, 1), { run, say: quiet });
    expect(ran.map((line) => line.split(" --")[0])).toEqual([
      "storage buckets describe gs://a",
      "storage buckets create gs://a",
      "storage buckets update gs://a",
      "storage buckets describe gs://a",
      "storage buckets update gs://a",
    ]);
  });

  it("gives a secret on standard input, and only where there is none", () => {
    const inputs: (string | undefined)[] = [];
    for (const output of ["", "DISABLED\n", "ENABLED\n"]) {
      const run: Run = (args, input) => {
        if (args[2] === "add") inputs.push(`${args.join(" ")} < ${input}`);
        return { status: 0, output, error: "" };
      };
      takeSteps(steps.slice(1), { run, say: quiet });
    }
    expect(inputs).toEqual(Array.from({ length: 2 }, () => "secrets versions add s --data-file=- < hush"));
  });

  it("does not take being refused for there being nothing", () => {
    const ran: string[] = [];
    const run: Run = (args) => {
      ran.push(args.join(" "));
      return { status: 1, output: "", error: "ERROR: PERMISSION_DENIED: you may not look" };
    };
    expect(() => takeSteps(steps, { run, say: quiet })).toThrow(StepFailed);
    expect(ran).toEqual(["storage buckets describe gs://a"]);
  });

  it("stops at the first command that fails, and says what gcloud said", () => {
    const run: Run = (args) =>
      args[2] === "update" ? { status: 1, output: "", error: "quota" } : { status: 0, output: "", error: "" };
    expect(() => takeSteps(steps, { run, say: quiet })).toThrow(
      /a bucket: gcloud storage buckets update failed\nquota/,
    );
  });
});

describe.skipIf(!hasGcloud)("gcloud itself", { timeout: 120_000 }, () => {
  const commands = [...planOf(all), ...planOf(least)].flatMap(commandsOf);
  const names = [...new Set(commands.map(({ command }) => command))];
  let knowledge: ReturnType<typeof createGcloudKnowledge>;
  beforeAll(() => void (knowledge = createGcloudKnowledge()));

  const isRight = (command: string, flag: Flag) => {
    const form = knowledge.formOf(command, flagName(flag));
    if (typeof flag === "string") return form === "alone";
    const [, value] = flag;
    return Array.isArray(form) ? typeof value === "string" && form.includes(value) : form === "value";
  };

  it.each(names)("knows `%s`, every flag that it is given, and the values that it may have", (name) => {
    const used = commands.filter(({ command }) => command === name).flatMap(({ flags = [] }) => flags);
    expect(used.filter((flag) => !isRight(name, flag))).toEqual([]);
  });

  it("would say so if it did not", () => {
    for (const flag of ["--no-such-flag", ["--edition", "luxury"], "--edition", ["--deletion-protection", "yes"]])
      expect([flag, isRight("sql instances create", flag as Flag)]).toEqual([flag, false]);
  });
});
