import { once } from "node:events";
import { readdirSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { patience } from "#app/front-door.ts";
import { openTestHouse, type TestHouse } from "#test/builders/house.ts";
import { createQuickPainter, quickRemover } from "#test/builders/painter.ts";
import { smallPhoto } from "#test/builders/photos.ts";
import { talk } from "#test/builders/raw-http.ts";
import { comeAsShopper, signedQuery } from "#test/builders/storefront.ts";

type Refusal = { error: { code: string } };

/** Hostile requests through the storefront's doors. Each test is one attack, with the answer that the contract promises. */
describe("a hostile request", () => {
  let house: TestHouse;
  const painter = createQuickPainter();
  beforeAll(async () => {
    house = await openTestHouse({ parts: { painters: [painter], remover: quickRemover } });
  });
  afterAll(async () => {
    expect(house.said.filter(({ level }) => level === "error")).toEqual([]);
    await house.close();
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
    const quota = await guest.quota();
    expect(quota.used).toBeLessThanOrEqual(quota.limit);
    expect(painter.calls.length - before).toBeLessThanOrEqual(12);
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

  it("that has its whole address, with credentials, where its path belongs is read as any other", async () => {
    const shopper = await comeAsShopper(house.url);
    const target = `http://user:secret@shop/proxy/portraits?${signedQuery({ session: shopper.session.session })}`;
    const head = "Host: shop\r\nConnection: close\r\nContent-Length: 2\r\n\r\n";
    expect(await talk(house.url, `POST ${target} HTTP/1.1\r\n${head}{}`)).toMatch(/^HTTP\/1\.1 4/);
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

  it("whose sender goes away in the middle of some JSON is nobody's fault", async () => {
    const shopper = await comeAsShopper(house.url);
    const path = `/proxy/portraits?${signedQuery({ session: shopper.session.session })}`;
    const before = house.said.length;
    const half = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n{"photos":[`;
    await talk(house.url, half, { hangUpAfterMs: 50 });
    await expect.poll(() => house.said.slice(before).some(({ facts }) => facts.path === "/proxy/portraits")).toBe(true);
    expect(house.said.filter(({ level }) => level === "error")).toEqual([]);
  });

  it("with more JSON than there is to say is 413, and with less than JSON 422", async () => {
    const shopper = await comeAsShopper(house.url);
    const post = (body: Buffer) => shopper.call<Refusal>("POST", "portraits", { body });
    const long = Buffer.from(JSON.stringify({ photos: [], style: "x".repeat(40_000) }));
    expect(await post(long)).toMatchObject({ status: 413, body: { error: { code: "body_too_large" } } });
    for (const text of [
      "",
      "{",
      "nil",
      "\xff\xfe",
      `${"[".repeat(16_000)}${"]".repeat(16_000)}`,
      "null",
      "[]",
      "1",
      '"x"',
    ]) {
      const { status, body } = await post(Buffer.from(text, "latin1"));
      expect(status, text.slice(0, 9)).toBe(422);
      expect(body.error.code).toMatch(/^body_(malformed|invalid)$/);
    }
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
    expect(lines.length).toBeGreaterThan(30);
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
