import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { createFrontDoor } from "#app/front-door.ts";
import { action } from "#app/routes/webhooks.app.uninstalled.ts";
import { doorsWithoutRemix } from "./doors.ts";
import type { TestHouse } from "./house.ts";

/** A house's own doors, and behind them, where the build would be, its door for one webhook. */
export async function serveWithWebhooks({ built }: TestHouse): Promise<{ url: string; close(): void }> {
  const door = async (request: Request) =>
    new URL(request.url).pathname === "/webhooks/app/uninstalled"
      ? action({ request, params: {}, context: { house: built.house } })
      : new Response(null, { status: 404 });
  const { fetch } = createFrontDoor({ house: built.house, remix: { ...(await doorsWithoutRemix()), handle: door } });
  const server = createServer(getRequestListener(fetch, { overrideGlobalObjects: false }) as never);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => void server.close() };
}
