import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A stretch of network between a client and a server, on which things can be lost. */
export type Relay = {
  /** `host:port` to connect to instead of the server's. */
  host: string;
  /** From now on the server hears everything and nobody hears the server. */
  loseReplies(): void;
  /** From now on nothing passes either way and nobody is told: connections stand, and new ones are taken. */
  stop(): void;
  /** The same for the connections that there are; later ones are well. */
  stopThese(): void;
  /** What was held back goes on. */
  resume(): void;
  /** Every connection that there is breaks; new ones are taken. */
  reset(): void;
  /** How many there are. */
  connections(): number;
  close(): Promise<void>;
};

export async function startRelay(serverHost: string): Promise<Relay> {
  const [host = "", port = ""] = serverHost.split(":");
  const sockets = new Set<Socket>();
  let repliesAreLost = false;
  let isStopped = false;
  const server = createServer((client) => {
    const upstream = connect(Number(port), host);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.once("close", () => sockets.delete(socket));
      if (isStopped) socket.pause();
    }
    client.on("data", (chunk) => void upstream.write(chunk));
    client.once("end", () => upstream.end());
    upstream.on("data", (chunk) => void (repliesAreLost || client.write(chunk)));
    upstream.once("close", () => isStopped || client.destroy());
    client.once("close", () => isStopped || upstream.destroy());
  });
  const own = await listen(server);
  return {
    host: own,
    loseReplies: () => void (repliesAreLost = true),
    stop() {
      isStopped = true;
      for (const socket of sockets) socket.pause();
    },
    stopThese() {
      for (const socket of sockets) socket.pause();
    },
    resume() {
      isStopped = false;
      for (const socket of sockets) socket.resume();
    },
    reset() {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    connections: () => sockets.size / 2,
    close: () => closeAll(server, sockets),
  };
}

/** Takes every connection and never says a word. */
export async function startSilence(): Promise<Pick<Relay, "host" | "close">> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.resume();
  });
  return { host: await listen(server), close: () => closeAll(server, sockets) };
}

/** An address at which nobody listens. */
export async function nobodysHost(): Promise<string> {
  const silence = await startSilence();
  await silence.close();
  return silence.host;
}

async function listen(server: ReturnType<typeof createServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function closeAll(server: ReturnType<typeof createServer>, sockets: Set<Socket>): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  for (const socket of sockets) socket.destroy();
  await closed;
}
