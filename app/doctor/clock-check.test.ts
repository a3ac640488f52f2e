import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "#app/kernel/clock.ts";
import { clockCheck } from "./clock-check.ts";

let server: Server | undefined;
afterEach(() => void server?.close());

/** A server whose clock is off by so much. */
async function serverOff(byMs: number | null): Promise<string> {
  server = createServer((_request, response) => {
    response.sendDate = false;
    if (byMs !== null) response.setHeader("Date", new Date(Date.now() + byMs).toUTCString());
    response.end();
  });
  await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const nobody = "http://127.0.0.1:1";
const look = (hosts: string[]) => clockCheck({ clock: systemClock, hosts }).look(AbortSignal.timeout(5_000));

describe("the clock", () => {
  it.each([
    [0, "ok"],
    [3_000, "ok"],
    [-3_000, "ok"],
    [10_000, "warning"],
    [-10_000, "warning"],
    [90_000, "failed"],
    [-90_000, "failed"],
  ])("of a server that is %i ms ahead: %s", async (byMs, state) => {
    expect((await look([await serverOff(byMs)])).state).toBe(state);
  });

  it("says in which direction", async () => {
    expect((await look([await serverOff(20_000)])).said).toMatch(/^(19|20)\.\d s behind 127\.0\.0\.1/);
  });

  it("is compared with the next one where the first does not answer", async () => {
    expect((await look([nobody, await serverOff(0)])).state).toBe("ok");
  });

  it("is not judged where nobody says the time", async () => {
    expect((await look([nobody])).state).toBe("skipped");
    expect((await look([await serverOff(null)])).state).toBe("skipped");
  });
});
