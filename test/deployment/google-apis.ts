import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * A stand-in for those of Google's APIs that alarms and schedules are made with, in a process of its own because gcloud
 * is waited for: it keeps what it is sent under the names that it gives, and lists it. `GET /` says everything that it has.
 * The first policy that names a metric is refused, as Google does while the metric is new.
 */
const kept = new Map<string, Record<string, unknown>>();
const given = { alertPolicies: "name", notificationChannels: "name", metrics: "", jobs: "" } as const;
let number = 1;
let refusals = process.argv.includes("--new-metrics") ? 1 : 0;

type Answer = { status: number; body: unknown };
const found = (body: unknown): Answer => ({ status: 200, body });
const error = (code: number, message: string): Answer => ({ status: code, body: { error: { code, message } } });
const notYet =
  'Cannot find metric(s) that match type = "logging.googleapis.com/user/x". If a metric was created recently, it could take up to 10 minutes to become available. Please try again soon.';

function answer(method: string, path: string, body: Record<string, unknown>): Answer {
  if (path === "") return found([...kept.values()]);
  const kind = path.split("/").at(-1)!;
  if (kind in given && method === "GET") {
    const under = [...kept].filter(([name]) => name.startsWith(`${path}/`));
    return found({ [kind]: under.map(([, value]) => value) });
  }
  if (refusals > 0 && method === "POST" && JSON.stringify(body).includes("conditionThreshold")) {
    refusals--;
    return error(404, notYet);
  }
  if (kind in given && method === "POST") {
    const own = kind === "metrics" ? `${path}/${String(body.name)}` : body.name;
    const name = kind === "metrics" || kind === "jobs" ? String(own) : `${path}/${number++}`;
    kept.set(name, kind === "metrics" ? body : { ...body, name });
    return found(kept.get(name));
  }
  if (!kept.has(path)) return error(404, `${path} does not exist`);
  if (method !== "GET") kept.set(path, kind === "metrics" ? body : { ...kept.get(path), ...body });
  return found(kept.get(path));
}

async function read(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
}

const server = createServer((request, response) => {
  void read(request).then((body) => {
    const path = decodeURIComponent(new URL(request.url!, "http://here").pathname).replace(/^\/(v\d+\/)?/, "");
    const { status, body: said } = answer(request.method!, path, body);
    response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(said));
  });
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
