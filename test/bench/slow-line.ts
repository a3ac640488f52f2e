import { createServer, type AddressInfo } from "node:net";
import { duplexPair, type Duplex } from "node:stream";

/**
 * A line of a certain length and width before a server, for all connections together, packet by packet: a page's head
 * arrives before its end, and what was asked for first stands in the way of what was asked for later. Browsers' own
 * throttling holds each answer back as a whole, and shares the line equally among them.
 */
export type SlowLine = {
  /** There and back, milliseconds. */
  roundTripMs: number;
  /** Bytes in a second. */
  down: number;
  up: number;
};

const packetBytes = 1_460;
/** What waits before the line at most, milliseconds of it: the rest stays with the sender, who may put other things first. */
const bufferedMs = 30;

/**
 * @param serve gets the far end of each connection, in this process: a socket would take in some hundred kilobytes before
 * the sender heard that the line is full, and whatever is in there can be overtaken by nothing.
 * @returns the host and port to connect to
 */
export async function openSlowLine(
  serve: (connection: Duplex) => void,
  { roundTripMs, down, up }: SlowLine,
): Promise<{ host: string; close(): Promise<void> }> {
  const [downwards, upwards] = [direction(down, roundTripMs / 2), direction(up, roundTripMs / 2)];
  const server = createServer({ noDelay: true }, (near) => {
    const [far, served] = duplexPair({ highWaterMark: packetBytes });
    upwards(near, far);
    downwards(far, near);
    serve(served);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** One after the other: what comes while a packet is on its way waits until it has passed, and none overtakes another. */
function direction(bytesPerSecond: number, delayMs: number): (from: Duplex, to: Duplex) => void {
  const underWay: { arrivesAtMs: number; arrive(): void }[] = [];
  let freeAtMs = 0;
  let timer: NodeJS.Timeout | undefined;

  const send = (bytes: number, arrive: () => void) => {
    freeAtMs = Math.max(freeAtMs, performance.now()) + (bytes / bytesPerSecond) * 1_000;
    underWay.push({ arrivesAtMs: freeAtMs + delayMs, arrive });
    timer ??= setTimeout(arriveAll, delayMs);
  };
  const arriveAll = () => {
    while (underWay[0] !== undefined && underWay[0].arrivesAtMs <= performance.now()) underWay.shift()?.arrive();
    timer = underWay[0] && setTimeout(arriveAll, Math.max(1, underWay[0].arrivesAtMs - performance.now()));
  };

  return (from, to) => {
    from.on("data", (bytes: Buffer) => {
      for (let at = 0; at < bytes.length; at += packetBytes) {
        const packet = bytes.subarray(at, at + packetBytes);
        send(packet.length, () => to.writable && to.write(packet));
      }
      const waitsMs = freeAtMs - performance.now();
      if (waitsMs < bufferedMs) return;
      from.pause();
      setTimeout(() => from.resume(), waitsMs - bufferedMs / 2);
    });
    from.on("error", () => to.destroy());
    from.on("close", () => send(0, () => to.destroy()));
  };
}
