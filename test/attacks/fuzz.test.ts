import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request, type RequestOptions } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startHouseProcess, type HouseProcess } from "#test/builders/house-processes.ts";
import { comeAsShopper, signedQuery, type TestShopper } from "#test/builders/storefront.ts";
import { createChance, damageBytes, damageJson, damageQuery, type Chance } from "./mutations.ts";

/**
 * Ten thousand damaged requests and files, over real HTTP, against a house in a process of its own. Whatever a visitor
 * can send is answered with less than 500, the process lives, its memory stays bounded, and its log holds no query.
 */
const requests = 10_000;
const atOnce = 8;
/** The embedded database alone takes 450 to 800 MB; what is added by the attack is what is bounded. */
const mostGrowthBytes = 400_000_000;

type Shot = { method: string; path: string; body?: Buffer; headers?: Record<string, string> };

describe("ten thousand damaged requests", () => {
  let house: HouseProcess;
  let shopper: TestShopper;
  let pictures: Buffer[];
  const dataDir = mkdtempSync(join(tmpdir(), "pet-portraits-fuzz-"));
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });

  beforeAll(async () => {
    house = await startHouseProcess({ DATA_DIR: dataDir });
    shopper = await comeAsShopper(house.url);
    pictures = await smallPictures();
  });
  afterAll(async () => {
    agent.destroy();
    await house.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it("are all answered without a 5xx, and leave the house as it was", { timeout: 600_000 }, async () => {
    const chance = createChance(20261124);
    const statuses = new Map<number, number>();
    const wrong: string[] = [];
    const before = await memoryOf(house);
    let left = requests;
    const shoot = async () => {
      while (left-- > 0) {
        const shot = nextShot(chance, { session: shopper.session.session, pictures });
        const status = await fire(agent, house.url, shot);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (status >= 500) wrong.push(`${status} ${shot.method} ${shot.path.slice(0, 200)}`);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, shoot));

    const after = await memoryOf(house);
    const summary = [...statuses]
      .sort(([a], [b]) => a - b)
      .map(([status, count]) => `${count} × ${status || "closed"}`);
    process.stdout.write(`fuzz: ${summary.join(", ")}; memory +${Math.round((after - before) / 1_000_000)} MB\n`);
    expect(wrong).toEqual([]);
    expect(house.told.filter((line) => "error" in line || "leak" in line)).toEqual([]);
    expect(after - before).toBeLessThan(mostGrowthBytes);
    expect((await shopper.call("GET", "portraits")).status).toBe(200);
    // Neither all refused at the first gate nor all let through: the shots reach what lies behind the signature.
    for (const status of [200, 201, 401, 404, 415, 422])
      expect(statuses.get(status) ?? 0, `${status}`).toBeGreaterThan(20);
  });
});

function nextShot(chance: Chance, given: { session: string; pictures: Buffer[] }): Shot {
  const kind = chance.below(10);
  const signed = signedQuery({ session: given.session });
  if (kind < 3)
    return {
      method: chance.pick(["GET", "POST", "DELETE"]),
      path: `/proxy/${chance.pick(doors)}?${damageQuery(signed, chance)}`,
    };
  if (kind < 5) return oddPath(chance, signed);
  if (kind < 7) {
    const [door, body] = chance.pick(bodies);
    return { method: "POST", path: `/proxy/${door}?${signed}`, body: damageJson(body, chance) };
  }
  if (kind === 7) return oddHeaders(chance, signed);
  const picture = damageBytes(chance.pick(given.pictures), given.pictures, chance);
  return { method: "POST", path: `/proxy/photos?${signed}`, body: picture };
}

const doors = [
  "session",
  "photos",
  "portraits",
  "portraits/por_AAAAAAAAAAAAAAAAAAAAAA",
  "events",
  "uploads",
  "photos/received",
];

const bodies: readonly (readonly [string, Record<string, unknown>])[] = [
  [
    "portraits",
    {
      photos: [{ id: "pht_AAAAAAAAAAAAAAAAAAAAAA", crop: { x: 0, y: 0, width: 1, height: 1, turn: 90 } }],
      style: "ink_wash",
      take: 1,
      pending: false,
    },
  ],
  ["portraits", { photos: [{ source_sha256: "a".repeat(64) }], style: "pen_and_marker" }],
  ["events", { name: "photo_chosen", portrait_id: "por_AAAAAAAAAAAAAAAAAAAAAA" }],
];

function oddPath(chance: Chance, signed: string): Shot {
  const parts = [
    "proxy",
    "portraits",
    "photos",
    "images",
    "webhooks",
    "..",
    "%2e%2e",
    "%00",
    "assets",
    "samples",
    "app",
    "*",
    ":id",
    "x".repeat(300),
    "%C0%AF",
  ];
  const path = Array.from({ length: 1 + chance.below(5) }, () => chance.pick(parts)).join("/");
  const method = chance.pick(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"]);
  return {
    method,
    path: `/${chance.pick(["proxy/", "", "images/", "proxy/portraits/"])}${path}?${chance.pick([signed, "", "?", "a=1"])}`,
  };
}

function oddHeaders(chance: Chance, signed: string): Shot {
  const headers = chance.pick<Record<string, string>>([
    { "X-Forwarded-For": `${"1.2.3.4, ".repeat(200)}::1` },
    { "X-Forwarded-For": "not an address, [::1]:80, 999.1.1.1" },
    { "Content-Type": "multipart/form-data" },
    { Range: "bytes=0-1,5-" },
    { "Content-Encoding": "gzip" },
    { Expect: "100-continue" },
    { Cookie: "a=".padEnd(4_000, "x"), Authorization: "Bearer x.y.z" },
    { "X-Shopify-Hmac-SHA256": "AAAA", "X-Shopify-Topic": "shop/redact" },
  ]);
  const path = chance.pick([
    `/proxy/session?${signed}`,
    `/proxy/photos?${signed}`,
    `/proxy/events?${signed}`,
    "/webhooks/shop/redact",
    "/webhooks/orders/create",
  ]);
  return { method: chance.pick(["GET", "POST"]), path, headers, body: chance.bytes(chance.below(600)) };
}

/** @returns the status, or 0 where the server closed the connection on us, which is an answer too */
function fire(agent: Agent, url: string, { method, path, body, headers }: Shot): Promise<number> {
  const options: RequestOptions = {
    method,
    path,
    agent,
    headers: { ...headers, ...(body && method !== "GET" ? { "Content-Length": body.length } : {}) },
  };
  return new Promise((resolve) => {
    const sent = request(url, options, (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer.statusCode ?? 0));
      answer.on("error", () => resolve(0));
    });
    sent.on("error", () => resolve(0));
    sent.end(method === "GET" ? undefined : body);
  });
}

async function memoryOf(house: HouseProcess): Promise<number> {
  const heard = house.told.length;
  house.child.kill("SIGUSR2");
  await expect.poll(() => house.told.slice(heard).some((line) => "mostBytes" in line), { timeout: 10_000 }).toBe(true);
  return house.told.findLast((line) => typeof line.mostBytes === "number")?.mostBytes as number;
}

async function smallPictures(): Promise<Buffer[]> {
  const picture = sharp(new URL("../photos/cat.webp", import.meta.url).pathname).resize(280, 300, { fit: "cover" });
  return Promise.all([
    picture.clone().jpeg().toBuffer(),
    picture.clone().jpeg({ progressive: true }).toBuffer(),
    picture.clone().png({ palette: true }).toBuffer(),
    picture.clone().webp().toBuffer(),
    picture.clone().avif({ effort: 0 }).toBuffer(),
  ]);
}
