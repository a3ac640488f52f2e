import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { databaseOn, openServer, type Database } from "#app/adapters/prisma/open-database.ts";
import type { ErrorAnswer } from "#app/http/storefront-api.ts";
import { action as uninstalled } from "#app/routes/webhooks.app.uninstalled.ts";
import { openTestHouse, type TestHouse } from "#test/builders/house.ts";
import { createQuickPainter, quickRemover, type QuickPainter } from "#test/builders/painter.ts";
import { smallPhoto } from "#test/builders/photos.ts";
import { startPostgresServer, type PostgresServer } from "#test/builders/postgres-server.ts";
import { roomy, until } from "#test/builders/quick-house.ts";
import { startRelay, type Relay } from "#test/builders/relay.ts";
import { watchRefusals } from "#test/builders/slowest-refusal.ts";
import { comeAsShopper, signedQuery, testSecret, testShop, type TestShopper } from "#test/builders/storefront.ts";

const refusals = watchRefusals("database");

describe.skipIf(inject("postgresUrl") === null)("a database that goes away", () => {
  let server: PostgresServer;
  let line: Relay;
  let folder: string;
  let house: TestHouse;
  let painter: QuickPainter;
  let rows: Database;
  let number = 7_000;
  beforeAll(async () => {
    server = (await startPostgresServer({ keepsCommits: true })) as PostgresServer;
    const url = new URL(server.url);
    line = await startRelay(url.host);
    url.host = line.host;
    folder = mkdtempSync(join(tmpdir(), "pet-portraits-down-"));
    painter = createQuickPainter();
    const environment = { ...roomy, DATABASE_URL: url.href };
    house = await openTestHouse({
      dataDir: folder,
      environment,
      parts: { painters: [painter], remover: quickRemover },
    });
    rows = databaseOn(openServer(server.url, 2), { embedded: false, unlock: async () => undefined });
  });
  afterEach(async () => {
    line.resume();
    await until(async () => (await health()) === 200);
  });
  afterAll(async () => {
    refusals.report();
    await house.close();
    await rows.close();
    await line.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const health = async () => (await fetch(`${house.url}/health`, { signal: AbortSignal.timeout(10_000) })).status;
  const photo = () => smallPhoto((number += 1));
  const webhook = async () => {
    const body = JSON.stringify({ myshopify_domain: testShop });
    const headers = {
      "x-shopify-hmac-sha256": createHmac("sha256", testSecret).update(body).digest("base64"),
      "x-shopify-topic": "app/uninstalled",
      "x-shopify-shop-domain": testShop,
      "x-shopify-webhook-id": `delivery-${(number += 1)}`,
    };
    const request = new Request("https://app.example/webhooks/app/uninstalled", { method: "POST", headers, body });
    return (await uninstalled({ request, params: {}, context: { house: house.built.house } })).status;
  };

  /** Every door that needs the records. */
  async function everyDoor(shopper: TestShopper, photoId: string, portraitId: string, token: string) {
    const query = signedQuery({ session: shopper.session.session });
    const call = (method: string, path: string, body?: BodyInit) =>
      fetch(`${house.url}${path}`, {
        method,
        signal: AbortSignal.timeout(10_000),
        ...(body === undefined ? {} : { body }),
      });
    const wish = { photos: [{ id: photoId }], style: "ink_wash" };
    const doors: [string, string, BodyInit?][] = [
      ["POST", `/proxy/photos?${query}`, (await photo()) as BodyInit],
      ["POST", `/proxy/portraits?${query}`, JSON.stringify(wish)],
      [
        "POST",
        `/proxy/portraits?${signedQuery({ session: shopper.session.session, key: `key-${number}-of-a-wish` })}`,
        JSON.stringify({ ...wish, take: 2 }),
      ],
      ["GET", `/proxy/portraits?${query}`],
      ["GET", `/proxy/portraits/${portraitId}?${query}`],
      ["DELETE", `/proxy/portraits/${portraitId}?${query}`],
      ["POST", `/proxy/events?${query}`, JSON.stringify({ name: "widget_viewed" })],
      ["DELETE", `/proxy/photos?${query}`],
      ["GET", `/images/${token}`],
    ];
    return Promise.all(
      doors.map(async ([method, path, body]) => {
        const answer = await refusals.timed(() => call(method, path, body));
        const code = ((await answer.json()) as ErrorAnswer).error?.code;
        return [method, path.split("?")[0], answer.status, answer.headers.has("Retry-After"), code];
      }),
    );
  }

  const outages: Record<string, { begin(): Promise<void> | void; end(): Promise<void> | void }> = {
    "that says nothing": { begin: () => line.stop(), end: () => line.resume() },
    "that stands still": { begin: () => server.freeze(), end: () => server.thaw() },
    "that has crashed": { begin: () => server.crash(), end: () => server.start() },
  };

  it.each(Object.keys(outages))(
    "%s is answered with 503 at every door, and the house goes on by itself",
    async (name) => {
      const shopper = await comeAsShopper(house.url);
      const photoId = await shopper.give(await photo());
      const asked = await shopper.ask(photoId);
      const made = await shopper.wait(asked.body.portrait.id);
      const token = made.image?.url.split("/").at(-1) ?? "";
      await outages[name]?.begin();
      for (const answer of await everyDoor(shopper, photoId, made.id, token))
        expect(answer).toEqual([answer[0], answer[1], 503, true, "busy"]);
      expect(await health()).toBe(503);
      expect(await webhook()).toBe(503);
      // A new visitor is let in: the page can say what is offered, though not what is left.
      expect((await comeAsShopper(house.url)).session.quota).toBeNull();
      await outages[name]?.end();
      await until(async () => (await health()) === 200);
      expect((await shopper.call("GET", `portraits/${made.id}`)).status).toBe(200);
      await until(async () => (await webhook()) === 200);
      const next = await shopper.ask(await shopper.give(await photo()));
      expect((await shopper.wait(next.body.portrait.id)).status).toBe("ready");
      await until(async () => (await ownConnections()) <= 10 + 4 + 1);
    },
  );

  /** The records' pool, the queue's, and the one that listens. */
  const ownConnections = async () => {
    const [row] = await rows.prisma.$queryRaw<{ n: number }[]>`
      SELECT count(*)::int AS n FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`;
    return row?.n ?? 0;
  };

  it.each(["crashes", "breaks every connection", "is silent for a while"])(
    "while it %s, what was accepted is finished, and charged once",
    async (how) => {
      const shopper = await comeAsShopper(house.url, { customer: String(number) });
      const photoIds = await Promise.all(Array.from({ length: 4 }, async () => shopper.give(await photo())));
      painter.plan.takesMs = 600_000;
      const calls = painter.calls.length;
      const asked = await Promise.all(photoIds.map((id) => shopper.ask(id)));
      expect(asked.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
      await until(() => painter.calls.length > calls);
      painter.plan.takesMs = 0;
      if (how === "crashes") await server.crash();
      else if (how.startsWith("breaks")) line.reset();
      else line.stop();
      // The first pictures are finished at the worst moment.
      painter.letGo();
      await until(async () => how.startsWith("breaks") || (await health()) === 503);
      if (how === "crashes") await server.start();
      line.resume();
      const ids = asked.map(({ body }) => body.portrait.id);
      await until(async () => {
        const answers = await Promise.all(
          ids.map((id) => shopper.call<{ portrait: { status: string } }>("GET", `portraits/${id}`)),
        );
        return answers.every(({ status, body }) => status === 200 && body.portrait.status === "ready");
      });
      // At the worst each is painted once more.
      expect(painter.calls.length - calls).toBeLessThanOrEqual(2 * ids.length);
      await until(async () => (await shopper.quota()).used === 4);
      const held = await rows.prisma.quotaEntry.count({
        where: { subject: `c:${number}`, tier: "day", state: "held" },
      });
      expect(held).toBe(0);
    },
  );
});
