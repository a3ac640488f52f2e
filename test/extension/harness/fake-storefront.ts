import { createHash } from "node:crypto";
import type {
  PortraitJson,
  PortraitRequestJson,
  QuotaJson,
  SessionJson,
  UploadReceivedJson,
} from "../../../app/http/storefront-api.ts";

/**
 * The storefront API as its contract has it, played by a script: sessions, idempotency keys, photos by hash, portraits
 * that go through their stages, quotas and refusals. No pictures are made; everything lives in memory.
 */
export type Script = {
  /** How long each of the four stages lasts. */
  stageMs: number;
  estimateMs: number | null;
  painter: "gemini" | "preview";
  backgroundKept: boolean;
  limit: number;
  used: number;
  blockedBy: QuotaJson["blocked_by"];
  /** Refuses the next matching calls, first in first out. */
  refusals: Refusal[];
  /** The portrait ends with this error. */
  failsWith: PortraitJson["error"];
  styles: SessionJson["styles"];
  upload: SessionJson["upload"];
  maxBytes: number;
  imageUrl: (style: string) => string;
};

/** `drop`: no answer at all, after the work was done or before. */
export type Refusal = {
  path: string;
  method?: string;
  status?: number;
  code?: string;
  headers?: Record<string, string>;
  retryAt?: string;
  drop?: "before" | "after";
};

export type FakeCall = { method: string; path: string; query: URLSearchParams; body: unknown };
export type FakeAnswer = { status: number; headers: Record<string, string>; body: unknown } | "dropped";

type Kept = { portrait: PortraitJson; startedAt: number; owner: string };

const stages = ["waiting", "cutting_out", "painting", "saving"] as const;
const queryNames = ["session", "key", "wait_ms", "source_sha256"];

export const ordinaryScript: Script = {
  stageMs: 400,
  estimateMs: 1600,
  painter: "preview",
  backgroundKept: false,
  limit: 5,
  used: 0,
  blockedBy: null,
  refusals: [],
  failsWith: null,
  styles: [
    { id: "ink_wash", name: "Modern", description: "Brush and ink", sample_url: "/sample/ink_wash", revision: 1 },
    { id: "pen_and_marker", name: "Sketch", description: "Pen and marker", sample_url: "/sample/pen", revision: 1 },
  ],
  upload: "proxy",
  maxBytes: 20_000_000,
  imageUrl: (style) => `/portrait/${style}`,
};

export class FakeStorefront {
  readonly calls: FakeCall[] = [];
  script: Script;
  readonly #sessions = new Set<string>();
  readonly #photos = new Map<string, { id: string; owner: string; source: string | null }>();
  /** What lies in storage, by the name in its form. */
  readonly #stored = new Map<string, Uint8Array>();
  readonly #portraits = new Map<string, Kept>();
  readonly #answers = new Map<string, { body: string; answer: FakeAnswer }>();
  #count = 0;

  constructor(script: Partial<Script> = {}) {
    this.script = ownCopyOf({ ...ordinaryScript, ...script });
  }

  async answer(call: FakeCall): Promise<FakeAnswer> {
    this.calls.push(call);
    if ([...call.query.keys()].some((name) => !queryNames.includes(name))) return refused(401, "unsigned");
    const refusal = this.#takeRefusal(call);
    if (refusal?.drop === "before") return "dropped";
    if (refusal && !refusal.drop) {
      const error = { code: refusal.code ?? "busy", message: "The server’s own sentence.", retry_at: refusal.retryAt };
      return { status: refusal.status ?? 503, headers: refusal.headers ?? {}, body: { error } };
    }
    const answer = await this.#keyed(call);
    return refusal?.drop === "after" ? "dropped" : answer;
  }

  /** Everything that the server gave out is worthless from now on. */
  endSessions(): void {
    this.#sessions.clear();
  }

  forgetPhotos(): void {
    this.#photos.clear();
  }

  forgetPortraits(): void {
    this.#portraits.clear();
  }

  portraits(): PortraitJson[] {
    return [...this.#portraits.values()].map((kept) => this.#now(kept));
  }

  #takeRefusal(call: FakeCall): Refusal | undefined {
    const at = this.script.refusals.findIndex(
      ({ path, method }) => call.path.startsWith(path) && (!method || method === call.method),
    );
    return at < 0 ? undefined : this.script.refusals.splice(at, 1)[0];
  }

  async #keyed(call: FakeCall): Promise<FakeAnswer> {
    const key = call.query.get("key");
    if (call.method !== "POST") return this.#route(call);
    if (!key || !/^[A-Za-z0-9_-]{16,64}$/.test(key)) return refused(422, "key_needed");
    const body = call.body instanceof Uint8Array ? hash(call.body) : JSON.stringify(call.body);
    const before = this.#answers.get(key);
    if (before) return before.body === body ? before.answer : refused(422, "key_reused");
    const answer = await this.#route(call);
    if (answer !== "dropped" && answer.status < 400) this.#answers.set(key, { body, answer });
    return answer;
  }

  async #route(call: FakeCall): Promise<FakeAnswer> {
    const session = call.query.get("session");
    if (call.path === "session" && (!session || this.#sessions.has(session))) return this.#session(session);
    if (!session || !this.#sessions.has(session)) return refused(401, "session_required");
    const [noun, id] = call.path.split("/");
    if (noun === "uploads") return this.#offer();
    if (noun === "photos" && id === "received") return this.#received(call, session);
    if (noun === "photos" && call.method === "DELETE") return this.#forget(session);
    if (noun === "photos") return this.#keepPhoto(call, session);
    if (noun === "events") return { status: 204, headers: {}, body: null };
    if (noun !== "portraits") return refused(404, "not_found");
    if (!id && call.method === "GET") return this.#list(session);
    if (!id) return this.#ask(call.body as PortraitRequestJson, session);
    return call.method === "DELETE" ? this.#cancel(id, session) : this.#look(call, id, session);
  }

  #session(known: string | null): FakeAnswer {
    const session = known ?? `session-${(this.#count += 1)}`;
    this.#sessions.add(session);
    const limits = {
      max_bytes: this.script.maxBytes,
      min_side: 256,
      max_side: 4096,
      accept: ["image/jpeg"],
      max_photos: 3,
    };
    const { styles, upload } = this.script;
    const body = { session, customer: false, styles, quota: this.#quota(), limits } as const;
    return ok(200, { ...body, upload, strategy: "on_demand" } satisfies SessionJson);
  }

  #quota(): QuotaJson {
    const { limit, used, blockedBy } = this.script;
    const remaining = Math.max(0, limit - used);
    const level = (["none", "last", "few"] as const)[remaining] ?? "plenty";
    const midnight = new Date();
    midnight.setUTCHours(24, 0, 0, 0);
    const retryAt = remaining === 0 || blockedBy ? midnight.toISOString() : null;
    const blocked = blockedBy ?? (remaining === 0 ? "day" : null);
    return { limit, used, remaining, level, resets_at: midnight.toISOString(), blocked_by: blocked, retry_at: retryAt };
  }

  /** A form as a browser posts it to the address that was offered. @returns the status of storage's answer */
  async store(form: FormData): Promise<number> {
    const file = [...form.entries()].at(-1);
    const key = form.get("key");
    if (file?.[0] !== "file" || !(file[1] instanceof Blob) || typeof key !== "string") return 400;
    this.#stored.set(key, new Uint8Array(await file[1].arrayBuffer()));
    return 204;
  }

  #offer(): FakeAnswer {
    if (this.script.upload === "proxy") return refused(404, "not_offered");
    const photo_id = `pht_${String((this.#count += 1)).padStart(22, "0")}`;
    const upload = { url: "https://storage.test/bucket/", fields: { key: photo_id, policy: "p" }, expires_at: "" };
    return ok(201, { upload, photo_id });
  }

  #received(call: FakeCall, owner: string): FakeAnswer {
    const bytes = this.#stored.get((call.body as UploadReceivedJson).photo_id);
    return bytes ? this.#keepPhoto({ ...call, body: bytes }, owner) : refused(409, "upload_missing");
  }

  #keepPhoto(call: FakeCall, owner: string): FakeAnswer {
    const sha256 = hash(call.body as Uint8Array);
    const known = [...this.#photos.entries()].find(([sha, photo]) => sha === sha256 && photo.owner === owner)?.[1];
    const id = known?.id ?? `pht_${String((this.#count += 1)).padStart(22, "0")}`;
    this.#photos.set(sha256, { id, owner, source: call.query.get("source_sha256") });
    return ok(known ? 200 : 201, { photo: { id, sha256, width: 1024, height: 768, notices: [] } });
  }

  #ask(request: PortraitRequestJson, owner: string): FakeAnswer {
    const [wanted] = request.photos;
    const photo = [...this.#photos.values()].find(
      (kept) =>
        kept.owner === owner &&
        wanted &&
        ("id" in wanted ? kept.id === wanted.id : kept.source === wanted.source_sha256),
    );
    if (!photo) return refused(409, "photo_needed");
    const take = request.take ?? 1;
    const same = [...this.#portraits.values()].find(
      ({ portrait, owner: whose }) =>
        whose === owner &&
        portrait.style === request.style &&
        portrait.take === take &&
        portrait.error === null &&
        photo.id === photoOf.get(portrait.id) &&
        this.#now({ portrait, owner, startedAt: 0 }).status === "ready",
    );
    if (same && !request.pending) return ok(200, { portrait: { ...this.#now(same), cached: true } });
    if (!request.pending && this.script.used >= this.script.limit)
      return refused(429, "quota_none", this.#quota().retry_at);
    const portrait = this.#begin(request, take, owner);
    photoOf.set(portrait.id, photo.id);
    if (request.pending) return ok(201, { portrait });
    this.script.used += 1;
    return { status: 202, headers: { "retry-after": "1" }, body: { portrait } };
  }

  #begin(request: PortraitRequestJson, take: number, owner: string): PortraitJson {
    const portrait: PortraitJson = {
      id: `por_${String((this.#count += 1)).padStart(22, "0")}`,
      status: request.pending ? "pending" : "queued",
      stage: request.pending ? null : "waiting",
      style: request.style,
      take,
      cached: false,
      painter: this.script.painter,
      background_kept: this.script.backgroundKept,
      image: null,
      estimate_ms: request.pending ? null : this.script.estimateMs,
      error: null,
      created_at: new Date().toISOString(),
      expires_at: new Date(Date.now() + 7 * 86_400_000).toISOString(),
    };
    this.#portraits.set(portrait.id, { portrait, startedAt: Date.now(), owner });
    return portrait;
  }

  #now({ portrait, startedAt }: Kept): PortraitJson {
    if (portrait.status === "pending" || portrait.status === "cancelled") return portrait;
    const passed = Math.floor((Date.now() - startedAt) / Math.max(1, this.script.stageMs));
    const stage = stages[passed];
    const left =
      this.script.estimateMs === null ? null : Math.max(0, this.script.estimateMs - (Date.now() - startedAt));
    if (stage) return { ...portrait, status: passed === 0 ? "queued" : "making", stage, estimate_ms: left };
    const { failsWith, imageUrl } = this.script;
    if (failsWith) return { ...portrait, status: "failed", stage: null, estimate_ms: null, error: failsWith };
    const image = { url: imageUrl(portrait.style), width: 480, height: 600, content_type: "image/jpeg" };
    return { ...portrait, status: "ready", stage: null, estimate_ms: null, image };
  }

  async #look(call: FakeCall, id: string, owner: string): Promise<FakeAnswer> {
    const kept = this.#portraits.get(id);
    if (!kept || kept.owner !== owner) return refused(404, "not_found");
    const { status, stage } = this.#now(kept);
    const until = Date.now() + Number(call.query.get("wait_ms") ?? 0);
    for (;;) {
      const portrait = this.#now(this.#portraits.get(id) ?? kept);
      const changed = portrait.status !== status || portrait.stage !== stage;
      if (changed || Date.now() >= until || portrait.image) return ok(200, { portrait, quota: this.#quota() });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Newest first, as the records are. */
  #list(owner: string): FakeAnswer {
    const own = [...this.#portraits.values()].filter((kept) => kept.owner === owner);
    return ok(200, { portraits: own.map((kept) => this.#now(kept)).reverse() });
  }

  #forget(owner: string): FakeAnswer {
    const photos = [...this.#photos].filter(([, photo]) => photo.owner === owner).map(([sha256]) => sha256);
    const portraits = [...this.#portraits].filter(([, kept]) => kept.owner === owner).map(([id]) => id);
    photos.forEach((sha256) => this.#photos.delete(sha256));
    portraits.forEach((id) => this.#portraits.delete(id));
    const counts = { photos: photos.length, portraits: portraits.length, objects: photos.length + portraits.length };
    return ok(200, { receipt: { ...counts, at: new Date().toISOString(), id: `rcp_${(this.#count += 1)}` } });
  }

  #cancel(id: string, owner: string): FakeAnswer {
    const kept = this.#portraits.get(id);
    if (!kept || kept.owner !== owner) return refused(404, "not_found");
    const portrait = { ...kept.portrait, status: "cancelled" as const, stage: null };
    this.#portraits.set(id, { ...kept, portrait });
    return ok(200, { portrait });
  }
}

/** The refusals are used up: no two storefronts may share them. */
const ownCopyOf = (script: Script): Script => ({ ...script, refusals: [...script.refusals] });
const photoOf = new Map<string, string>();
const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const ok = (status: number, body: unknown): FakeAnswer => ({ status, headers: {}, body });

function refused(status: number, code: string, retryAt: string | null = null): FakeAnswer {
  const error = { code, message: "The server’s own sentence.", ...(retryAt ? { retry_at: retryAt } : {}) };
  return { status, headers: {}, body: { error } };
}
