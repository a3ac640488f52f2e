import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { deploymentPlan, leftOut } from "../../scripts/google-cloud/plan.ts";
import { printPlan, StepFailed, takeSteps, type Run } from "../../scripts/google-cloud/run-plan.ts";
import { readDeployment } from "../../scripts/google-cloud/settings.ts";
import { flagName, type Flag, type Gcloud, type Step } from "../../scripts/google-cloud/step.ts";
import { all as allOf, readDockerfile } from "./dockerfile.ts";
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
    expect(at("counting")).toBeLessThan(at("PostgreSQL"));
    expect(at("the service")).toBeLessThan(at("daily examination"));
    expect(at("daily examination")).toBeLessThan(at("timer may start"));
    expect(at("told of alarms")).toBeLessThan(at("the alarm"));
    expect(names.at(-1)).toBe("an examination now");
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

  it("gives each account no right that what is in use does not need", () => {
    const roles = (environment: Record<string, string>, account: string) =>
      linesOf(planOf(environment))
        .flatMap((line) => /--member=(\S+) --role=(\S+)/.exec(line)?.slice(1, 3) ?? [])
        .flatMap((word, index, words) => (word.split(/[:@]/).includes(account) ? [words[index + 1]!] : []))
        .sort();
    const google = ["roles/aiplatform.user", "roles/cloudsql.client"];
    const secrets = (count: number) => Array.from({ length: count }, () => "roles/secretmanager.secretAccessor");
    const service = ["roles/iam.serviceAccountTokenCreator", "roles/storage.objectUser", "roles/storage.objectUser"];
    expect(roles(all, "pet-portraits")).toEqual([...service, ...google, "roles/datastore.user", ...secrets(2)].sort());
    expect(roles(least, "pet-portraits")).toEqual([...service, ...secrets(3)].sort());
    // The doctor sees the rules of the buckets and none of the photos in them.
    const doctor = ["roles/storage.bucketViewer", "roles/storage.bucketViewer"];
    expect(roles(all, "pet-portraits-doctor")).toEqual(
      [...doctor, ...google, "roles/datastore.viewer", ...secrets(2)].sort(),
    );
    expect(roles(least, "pet-portraits-doctor")).toEqual([...doctor, ...secrets(3)].sort());
    for (const environment of [all, least]) {
      expect(roles(environment, "pet-portraits-timer")).toEqual(["roles/run.invoker"]);
      expect(roles(environment, "allUsers")).toEqual(["roles/storage.legacyObjectReader"]);
    }
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

it("tells the app how much memory its container has", () => {
  const line = linesOf(planOf({ ...all, MEMORY_LIMIT_MB: "64" })).find((one) => one.includes("run deploy"))!;
  expect(line).toContain("--memory=2048Mi");
  expect(line).toContain("|MEMORY_LIMIT_MB=2048");
});

describe("the daily examination", () => {
  const lineOf = (part: string, environment: Record<string, string> = all) =>
    linesOf(planOf(environment)).find((line) => line.includes(part))!;

  it("runs the service's image with the service's settings and secrets, and is not served", () => {
    const parts = (line: string) =>
      ["--image", "--set-secrets", "--set-cloudsql-instances"].map(
        (flag) => new RegExp(`${flag}=(\\S+)`).exec(line)?.[1],
      );
    const settings = (line: string) => /'--set-env-vars=([^']*)'/.exec(line)?.[1];
    for (const environment of [all, least]) {
      const [job, service] = [lineOf("run jobs deploy", environment), lineOf("run deploy", environment)];
      expect(parts(job)).toEqual(parts(service));
      expect(settings(job)).toBe(settings(service));
      expect(settings(job)).toContain("NODE_ENV=production");
    }
  });

  it("is started by an account that may start it and nothing else", () => {
    expect(lineOf("add-iam-policy-binding pet-portraits-doctor")).toMatch(/^gcloud run jobs .*-timer@.*run\.invoker/);
    const timer = lineOf("scheduler jobs create http");
    expect(timer).toContain("/v2/projects/my-project/locations/europe-west1/jobs/pet-portraits-doctor:run");
    expect(timer).toContain("--oauth-service-account-email=pet-portraits-timer@my-project.iam.gserviceaccount.com");
    expect(timer).toContain("'--schedule=17 6 * * *' --time-zone=Etc/UTC");
  });

  it("runs a file that is in the image, by a command that is in the image", () => {
    const job = lineOf("run jobs deploy");
    const file = /--args=([^,\s]+),--log /.exec(job)![1]!;
    const copied = allOf(readDockerfile(readFileSync("Dockerfile", "utf8")).at(-1)!, "COPY");
    expect(copied).toContain(`--from=build /app/${file} ${file}`);
    expect(job).toContain("--command=node ");
  });
});

describe("who is told", () => {
  it("is the address that is given; without one it is said plainly that it is nobody", () => {
    const channel = (environment: Record<string, string>) =>
      linesOf(planOf(environment)).filter((line) => line.includes("channels create"));
    expect(channel(all)).toEqual([]);
    expect(leftOut({ alertEmail: null }).join()).toContain("NOBODY IS TOLD");
    expect(channel({ ...all, ALERT_EMAIL: "ops@example.com" })).toEqual([
      expect.stringContaining("--type=email") as string,
    ]);
    expect(leftOut({ alertEmail: "ops@example.com" }).join()).not.toContain("NOBODY");
  });

  it.each(["nobody", "a@b,c@d", 'a"@b', "a b@c"])("is one address, and not %s", (address) => {
    expect(() => readDeployment({ ...all, ALERT_EMAIL: address }, "x")).toThrow(/ALERT_EMAIL/);
  });
});

describe("settings", () => {
  it("of the app are passed on, every one, but for secrets and what the deployment decides", () => {
    const { environment } = readDeployment({ ...all, INSTALLATION_DAILY_BUDGET_USD: "50", QUOTA_BURST: "7" }, "x");
    expect(environment).toMatchObject({ INSTALLATION_DAILY_BUDGET_USD: "50", QUOTA_BURST: "7" });
    const local = { PORT: "1", HOST: "h", DATA_DIR: "d", GEMINI_API_KEY: "very-secret", UNKNOWN: "x" };
    expect(Object.keys(readDeployment({ ...all, ...local }, "x").environment)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(PORT|HOST|DATA_DIR|GEMINI_API_KEY|UNKNOWN)$/)]),
    );
  });

  it("that name accounts which Google would refuse are refused", () => {
    for (const name of ["pets", "a".repeat(24), "Pet-Portraits", "1-portraits", "portraits-"])
      expect(() => readDeployment({ ...all, SERVICE_NAME: name }, "x")).toThrow(/SERVICE_NAME/);
    const longest = readDeployment({ ...all, SERVICE_NAME: "a".repeat(23) }, "x").examination;
    expect(longest.account.split("@")[0]!.length).toBeLessThanOrEqual(30);
  });

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

  it("tells later commands what earlier ones have printed, and leaves out a flag for which there is nothing", () => {
    const told: string[] = [];
    const run: Run = (args) => {
      told.push(args.slice(2).join(" "));
      const output = args[2] === "list" ? (args[1] === "channels" ? "c-1\n" : "p-1\tc-1,c-2\n") : "";
      return { status: 0, output, error: "" };
    };
    const look = (what: string, keeps: string[]) => ({ command: { command: `m ${what} list`, keeps }, says: "-" });
    const settle: Gcloud[] = [
      { command: "m policies update", names: [{ kept: ["P"] }], flags: [["--to", { kept: ["OLD", "C", "NONE"] }]] },
      { command: "m policies silence", flags: [["--to", { kept: ["NONE"] }]] },
    ];
    const kept = [
      { name: "channel", look: look("channels", ["C"]) },
      { name: "policy", look: look("policies", ["P", "OLD"]), settle },
    ];
    takeSteps(kept, { run, say: quiet });
    expect(told).toEqual(["list", "list", "update p-1 --to=c-1,c-2", "silence"]);
    expect(linesOf(kept)).toContain("read -r P OLD < <(gcloud m policies list)  # is it there?");
    expect(linesOf(kept)).toContain('gcloud m policies update "$P" "--to=$OLD,$C,$NONE"');
  });

  it("forgets what was printed of another thing", () => {
    const told: string[] = [];
    const run: Run = (args) => {
      told.push(args.join(" "));
      return { status: 0, output: args.includes("first") ? "p-1\tc-1\n" : "", error: "" };
    };
    const step = (name: string): Step => ({
      name,
      look: { command: { command: `list ${name}`, keeps: ["P", "OLD"] }, says: "p-" },
      settle: [{ command: `update ${name}`, flags: [["--to", { kept: ["OLD"] }]] }],
    });
    takeSteps([step("first"), step("second")], { run, say: quiet });
    expect(told).toEqual(["list first", "update first --to=c-1", "list second", "update second"]);
  });

  it("tries again what will be known in minutes, and nothing else, and not for ever", () => {
    const once: Step[] = [{ name: "an alarm", settle: [{ command: "make it", triedAgainWhile: "created recently" }] }];
    const after = (failures: number, error: string) => {
      let tries = 0;
      let waits = 0;
      const run: Run = () => ({ status: tries++ < failures ? 1 : 0, output: "", error });
      const take = () => takeSteps(once, { run, say: quiet, wait: () => void waits++ });
      return { take, counts: () => [tries, waits] };
    };
    const late = after(3, "404: if it was created recently, wait");
    late.take();
    expect(late.counts()).toEqual([4, 3]);
    const never = after(1000, "404: if it was created recently, wait");
    expect(never.take).toThrow(StepFailed);
    expect(never.counts()).toEqual([24, 23]);
    const wrong = after(1, "PERMISSION_DENIED");
    expect(wrong.take).toThrow(/PERMISSION_DENIED/);
    expect(wrong.counts()).toEqual([1, 0]);
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
  const commands = [...planOf({ ...all, ALERT_EMAIL: "ops@example.com" }), ...planOf(least)].flatMap(commandsOf);
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
