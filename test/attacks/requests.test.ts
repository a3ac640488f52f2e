import { once } from "node:events";
import { readdirSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { patience } from "#app/front-door.ts";
import type { QuotaJson, SessionJson } from "#app/http/storefront-api.ts";
import { openTestHouse, type TestHouse } from "#test/builders/house.ts";
import { createQuickPainter, quickRemover } from "#test/builders/painter.ts";
import { smallPhoto } from "#test/builders/photos.ts";
import { comeAsShopper, signedQuery } from "#test/builders/storefront.ts";

type Refusal = { error: { code: string } };

/** Hostile requests through the storefront's doors. Each test is one attack, with the answer that the contract promises. */
describe("a hostile request", () => {
  let house: TestHouse;
  const painter = createQuickPainter();
  beforeAll(async () => {
    house = await openTestHouse({ parts: { painter, remover: quickRemover } });
  });
  afterAll(async () => {
    expect(house.said.filter(({ level }) => level === "error")).toEqual([]);
    await house.close();
  });

  const ask = async (method: string, query: string, path = "session") => {
    const response = await fetch(`${house.url}/proxy/${path}?${query}`, { method });
    return { status: response.status, body: (await response.json().catch(() => null)) as Refusal | null };
  };

  it.each(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])(
    "by %s without a signature is 401 and nothing more",
    async (method) => {
      for (const path of ["session", "photos", "portraits", "portraits/por_x", "events", "nothing/here"]) {
        const { status, body } = await ask(method, "", path);
        expect([status, body?.error.code]).toEqual([401, "unsigned"]);
      }
    },
  );

  it("with one digit of the signature turned is 401, whichever digit", async () => {
    const query = signedQuery();
    const at = query.indexOf("signature=") + "signature=".length;
    for (let digit = 0; digit < 64; digit++) {
      const turned = query[at + digit] === "0" ? "1" : "0";
      expect((await ask("GET", query.slice(0, at + digit) + turned + query.slice(at + digit + 1))).status).toBe(401);
    }
  });

  it("that cuts a signed text into other pairs is 401: no other shop, no other customer", async () => {
    const smuggled = "1logged_in_customer_id=999path_prefix=/apps/pet-portraitsshop=victim.myshopify.com";
    expect((await ask("GET", signedQuery({ key: smuggled }))).status).toBe(401);
  });

  it("that is repeated with another body under its key is 422, and under a key that is not signed 401", async () => {
    const shopper = await comeAsShopper(house.url);
    const key = "k".repeat(20);
    expect((await shopper.call("POST", "photos", { query: { key }, body: await smallPhoto(1) })).status).toBe(201);
    const other = await shopper.call<Refusal>("POST", "photos", { query: { key }, body: await smallPhoto(2) });
    expect([other.status, other.body.error.code]).toEqual([422, "key_reused"]);
    const signed = signedQuery({ session: shopper.session.session });
    expect((await ask("POST", `${signed}&key=${"z".repeat(20)}`, "photos")).status).toBe(401);
  });

  it("that names a shop and a customer in its body is answered as who signed it", async () => {
    const guest = await comeAsShopper(house.url, { address: "198.51.100.20" });
    const photo = await guest.give(await smallPhoto(3));
    const asked = await guest.ask(photo, {
      shop: "victim.myshopify.com",
      customer_id: "999",
      logged_in_customer_id: "999",
    });
    await guest.wait(asked.body.portrait.id);
    const customer = await comeAsShopper(house.url, { customer: "999" });
    expect((await customer.call<{ portraits: unknown[] }>("GET", "portraits")).body.portraits).toEqual([]);
  });

  it("with its own idea of the photo's hash changes nothing: ours is of the bytes that came", async () => {
    const shopper = await comeAsShopper(house.url);
    const claimed = "f".repeat(64);
    const answer = await shopper.call<{ photo: { sha256: string } }>("POST", "photos", {
      query: { source_sha256: claimed },
      body: await smallPhoto(4),
    });
    expect(answer.body.photo.sha256).not.toBe(claimed);
    const other = await comeAsShopper(house.url);
    const stolen = await other.call<Refusal>("POST", "portraits", {
      body: { photos: [{ source_sha256: claimed }], style: "ink_wash" },
    });
    expect([stolen.status, stolen.body.error.code]).toEqual([409, "photo_needed"]);
  });

  it("from a thousand fresh sessions of one address meets the address's limit", async () => {
    const address = "198.51.100.99";
    for (let visit = 0; visit < 20; visit++) {
      const guest = await comeAsShopper(house.url, { address });
      expect((await guest.ask(await guest.give(await smallPhoto(100 + visit)))).status).toBe(202);
    }
    const next = await comeAsShopper(house.url, { address });
    expect(next.session.quota satisfies QuotaJson).toMatchObject({ blocked_by: "address", used: 0 });
    const refused = await next.ask(await next.give(await smallPhoto(200)));
    expect([refused.status, (refused.body as unknown as Refusal).error.code]).toEqual([429, "quota_address"]);
  });

  it("that puts addresses of its own in front of Shopify's changes nothing", async () => {
    const guest = await comeAsShopper(house.url, { address: "198.51.100.99" });
    const spoofed = await guest.call<SessionJson>("GET", "session", {
      headers: { "X-Forwarded-For": "8.8.8.8, 198.51.100.99" },
    });
    expect(spoofed.body.quota.blocked_by).toBe("address");
  });

  it("that cancels and asks again in a loop never has more than it may", async () => {
    const guest = await comeAsShopper(house.url, { address: "198.51.100.30" });
    const photo = await guest.give(await smallPhoto(300));
    painter.plan.takesMs = 400;
    const before = painter.calls.length;
    for (let take = 1; take <= 12; take++) {
      const asked = await guest.ask(photo, { take });
      if (asked.status === 202) await guest.call("DELETE", `portraits/${asked.body.portrait.id}`);
    }
    painter.plan.takesMs = 0;
    const { quota } = (await guest.call<SessionJson>("GET", "session")).body;
    expect(quota.used).toBeLessThanOrEqual(quota.limit);
    expect(painter.calls.length - before).toBeLessThanOrEqual(12);
  });

  it("of 60 MB without a signature is refused before its body is read", async () => {
    const { answer, sentBytes } = await pour(house.url, "/proxy/photos", { bytes: 60_000_000 });
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(sentBytes).toBeLessThan(20_000_000);
  });

  it("that says it is longer than allowed is 413, and one that lies about it is cut off where it passes the limit", async () => {
    const shopper = await comeAsShopper(house.url);
    const path = `/proxy/photos?${signedQuery({ session: shopper.session.session })}`;
    const honest = await pour(house.url, path, { bytes: 60_000_000 });
    expect(honest.answer).toMatch(/^HTTP\/1\.1 413 /);
    const chunked = await pour(house.url, path, { bytes: 60_000_000, chunked: true });
    expect(chunked.answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*photo_too_large/);
    await expect.poll(() => readdirSync(join(house.dataDir, "uploads"))).toEqual([]);
  });

  it("whose sender goes away in the middle leaves no file behind", async () => {
    const shopper = await comeAsShopper(house.url);
    const { hostname, port } = new URL(house.url);
    const socket = connect(Number(port), hostname);
    await once(socket, "connect");
    socket.write(
      `POST /proxy/photos?${signedQuery({ session: shopper.session.session })} HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n`,
    );
    socket.write(Buffer.alloc(200_000, 1));
    await expect.poll(() => readdirSync(join(house.dataDir, "uploads")).length).toBeGreaterThan(0);
    socket.destroy();
    await expect.poll(() => readdirSync(join(house.dataDir, "uploads"))).toEqual([]);
  });

  it("that dribbles its headers or its body is given up: the server has less patience than it", () => {
    expect(patience.headersTimeout).toBeLessThanOrEqual(20_000);
    expect(patience.requestTimeout).toBeLessThanOrEqual(120_000);
  });

  it("for a picture by a guessed name is 404", async () => {
    for (const name of ["img_AAAAAAAAAAAAAAAAAAAAAA", "..%2f..%2fetc%2fpasswd", "%00", "shops"]) {
      expect((await fetch(`${house.url}/images/${name}`)).status).toBe(404);
    }
  });

  it("leaves no query, token or signature in any line of the log", () => {
    const lines = house.said.map((line) => JSON.stringify(line));
    expect(lines.length).toBeGreaterThan(50);
    expect(lines.filter((line) => /signature|v1\.ses_|\?|session=/.test(line))).toEqual([]);
  });
});

/** Writes a body of zeros as fast as it is taken, and stops when an answer comes or the connection ends. */
async function pour(
  url: string,
  path: string,
  { bytes, chunked = false }: { bytes: number; chunked?: boolean },
): Promise<{ answer: string; sentBytes: number }> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  let answer = "";
  let isOver = false;
  socket.on("data", (chunk) => (answer += String(chunk)));
  socket.on("error", () => (isOver = true));
  socket.on("close", () => (isOver = true));
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: x\r\n${chunked ? "Transfer-Encoding: chunked" : `Content-Length: ${bytes}`}\r\n\r\n`,
  );
  const piece = Buffer.alloc(65_536);
  let sentBytes = 0;
  while (sentBytes < bytes && !isOver && answer === "") {
    const framed = chunked ? Buffer.concat([Buffer.from("10000\r\n"), piece, Buffer.from("\r\n")]) : piece;
    await new Promise<void>((resolve) => socket.write(framed, () => resolve()));
    sentBytes += piece.length;
  }
  await expect.poll(() => isOver || answer.includes("\r\n\r\n"), { timeout: 15_000 }).toBe(true);
  socket.destroy();
  return { answer, sentBytes };
}
