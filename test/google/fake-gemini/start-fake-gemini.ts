import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { makeAnswer } from "./answers.ts";
import { checkRequest, kindOf, Refused } from "./check-request.ts";
import { createFaults, type Fault, type Faults } from "./faults.ts";
import { createBill, type Bill } from "./published-prices.ts";
import { sendError, sendMade, sendStatus } from "./send-answer.ts";

/**
 * A stand-in for Gemini's image models over real HTTP: the Gemini API with a key, Vertex AI with a token or a key, and the
 * description of a model. It paints, counts tokens, keeps its own bill, refuses what the service refuses, and fails on
 * demand. It was checked against the SDK and public documents only, never against the live service: what it says about
 * when the service does something is our reading.
 */
export type FakeGemini = {
  /** Without a path and without a slash at the end. */
  url: string;
  /** Calls for a picture, as they came in. Photos are left out of `body`. */
  calls: FakeCall[];
  bill: Bill;
  faults: Faults;
  close(): Promise<void>;
};

export type FakeCall = {
  number: number;
  model: string;
  path: string;
  headers: IncomingMessage["headers"];
  /** Of the last two hundred calls; undefined before those and where it was not JSON. */
  body: Record<string, unknown> | undefined;
  /** Photos as they came, of the last call only. */
  photos: Buffer[];
  outcome: string;
  /** What was written into the connection for this call. */
  bytesSent: number;
};

export type FakeGeminiOptions = {
  port?: number;
  host?: string;
  apiKey?: string;
  /** What a Vertex call must carry. */
  token?: string;
  seed?: number;
  /** Share of calls that fail in one of the usual ways, 0 to 1. */
  failureRate?: number;
  /** `flat` answers with one colour, at once. */
  pictures?: "painted" | "flat";
};

export async function startFakeGemini(options: FakeGeminiOptions = {}): Promise<FakeGemini> {
  if (process.env.NODE_ENV === "production") throw new Error("the fake Gemini does not run in production");
  const { apiKey = "fake-key", token = "fake-token", pictures = "painted", seed = 1, failureRate = 0 } = options;
  const { faults, take } = createFaults({ seed, failureRate });
  const calls: FakeCall[] = [];
  const bill = createBill();
  const closing = new AbortController();
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (!response.headersSent) sendError(response, { status: 500, message: `the fake broke: ${String(error)}` });
      response.destroy();
    });
  });
  server.keepAliveTimeout = 60_000;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = routeOf(request);
    if (route === undefined) return sendError(response, { status: 404, message: "Requested entity was not found." });
    const refusal = refusedEntry(request, route, { apiKey, token });
    if (refusal !== undefined) return sendError(response, refusal);
    if (route.describes) return describe(route, response);
    const raw = await readBody(request);
    const body = parsed(raw);
    const call = record(calls, { request, route, body });
    const sentBefore = response.socket?.bytesWritten ?? 0;
    response.on("close", () => (call.bytesSent = (request.socket.bytesWritten ?? 0) - sentBefore));
    await generate(call, response, { body, fault: take() });
  }

  async function generate(
    call: FakeCall,
    response: ServerResponse,
    { body, fault }: { body: unknown; fault: Fault | undefined },
  ): Promise<void> {
    call.outcome = fault?.kind ?? "painted";
    if (
      fault?.kind === "status" ||
      (fault?.kind === "trickle" && fault.status) ||
      (fault?.kind === "flood" && fault.status)
    )
      return sendStatus(response, fault, closing.signal);
    if (fault?.kind === "reset" && fault.when === "before") return void response.socket?.resetAndDestroy();
    try {
      const asked = checkRequest(call.model, call.path.split("/")[1] ?? "", body);
      call.photos = asked.photos;
      if (fault?.kind === "delay") {
        // The service works on, and bills, whether or not somebody still waits.
        await pause(fault.ms, closing.signal);
        return await generate(call, response, { body, fault: fault.then });
      }
      const { answer, used } = await makeAnswer(asked, { fault, pictures });
      bill.add({ call: call.number, model: call.model, used, why: call.outcome });
      await sendMade(response, { answer, fault, signal: closing.signal });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      call.outcome = `refused: ${error.message}`;
      sendError(response, error);
    }
  }

  await new Promise<void>((resolve) => server.listen(options.port ?? 0, options.host ?? "127.0.0.1", resolve));
  const { port, address } = server.address() as AddressInfo;
  return {
    url: `http://${address}:${port}`,
    calls,
    bill,
    faults,
    async close() {
      closing.abort();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

type Route = { model: string; version: string; vertex: boolean; describes: boolean };

function routeOf({ method, url = "" }: IncomingMessage): Route | undefined {
  const path = decodeURIComponent(url.split("?")[0] ?? "");
  const match =
    /^\/(v1beta)\/models\/([\w.-]+?)(:generateContent)?$/.exec(path) ??
    /^\/(v1beta1)\/(?:projects\/[\w-]+\/locations\/[\w-]+\/)?publishers\/google\/models\/([\w.-]+?)(:generateContent)?$/.exec(
      path,
    );
  if (match === null) return undefined;
  const [, version = "", model = "", verb] = match;
  if (method !== (verb === undefined ? "GET" : "POST")) return undefined;
  return { model, version, vertex: version === "v1beta1", describes: verb === undefined };
}

type Entry = { status: number; message: string; reason?: string };

function refusedEntry(
  { headers }: IncomingMessage,
  { vertex }: Route,
  { apiKey, token }: { apiKey: string; token: string },
): Entry | undefined {
  const key = headers["x-goog-api-key"];
  if (key === apiKey || (vertex && headers.authorization === `Bearer ${token}`)) return undefined;
  if (vertex) return { status: 401, message: "Request had invalid authentication credentials." };
  if (key === undefined) return { status: 403, message: "Method doesn't allow unregistered callers." };
  return { status: 400, message: "API key not valid. Please pass a valid API key.", reason: "API_KEY_INVALID" };
}

function describe({ model, version, vertex }: Route, response: ServerResponse): void {
  try {
    kindOf(model, version);
  } catch (error) {
    return sendError(response, error as Refused);
  }
  const name = vertex ? `publishers/google/models/${model}` : `models/${model}`;
  const supportedGenerationMethods = ["generateContent", "countTokens"];
  response.setHeader("content-type", "application/json; charset=UTF-8");
  response.end(
    JSON.stringify({
      name,
      version: "001",
      versionId: "001",
      displayName: "Fake image model",
      supportedGenerationMethods,
    }),
  );
}

const mostBodyBytes = 60 * 1024 * 1024;

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= mostBodyBytes) chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parsed(raw: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(raw) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

const keptBodies = 200;

function record(
  calls: FakeCall[],
  { request, route, body }: { request: IncomingMessage; route: Route; body: Record<string, unknown> | undefined },
): FakeCall {
  const last = calls.at(-1);
  if (last !== undefined) last.photos = [];
  const old = calls.at(-keptBodies);
  if (old !== undefined) old.body = undefined;
  const call: FakeCall = {
    number: calls.length + 1,
    model: route.model,
    path: request.url ?? "",
    headers: request.headers,
    body: body && (JSON.parse(JSON.stringify(body, withoutPhotos)) as Record<string, unknown>),
    photos: [],
    outcome: "",
    bytesSent: 0,
  };
  calls.push(call);
  return call;
}

function withoutPhotos(key: string, value: unknown): unknown {
  return key === "data" && typeof value === "string" ? `${Buffer.byteLength(value, "base64")} bytes` : value;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
