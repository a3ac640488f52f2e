import type { Server, ServerResponse } from "node:http";
import type { Log } from "#app/kernel/log.ts";

/**
 * How the process ends, within nine seconds of the ten that a platform gives between SIGTERM and SIGKILL: no new connections
 * and no new jobs; requests under way are answered, and those that only wait for news at once; jobs are ended or handed
 * back; everything is closed. What was accepted is in the records and the queue, and another instance takes it up.
 */
export type ShutdownParts = {
  server: Server;
  built: { takeNoMoreWork(): void; close(options: { timeoutMs: number }): Promise<void> };
  log: Log;
  /** What else is to be closed, last. */
  closeOthers?: () => Promise<void>;
  /** Ends the process. */
  exit(code: number): void;
};

/** Milliseconds after the first word of it. */
const requestsHaveMs = 4_000;
const jobsHaveMs = 3_000;
const nothingIsLeftMs = 9_000;

/** @returns stops everything, once, whatever calls how often */
export function createShutdown(parts: ShutdownParts): (reason: string) => Promise<void> {
  const { server, built, log, exit } = parts;
  const closeConnections = closesConnections(server);
  let stopping: Promise<void> | undefined;

  const stop = async (reason: string): Promise<void> => {
    log.info("stopping", { reason });
    // Whatever hangs: what is not done by now is done by another instance.
    setTimeout(() => exit(1), nothingIsLeftMs).unref();
    built.takeNoMoreWork();
    await closeConnections();
    await built.close({ timeoutMs: jobsHaveMs });
    await parts.closeOthers?.();
    log.info("stopped");
    exit(0);
  };
  return (reason) => (stopping ??= stop(reason));
}

/**
 * A browser keeps its connection open and would send its next request over it, to a process that is about to go; so every
 * answer from now on says that it is the last one.
 */
function closesConnections(server: Server): () => Promise<void> {
  const underWay = new Set<ServerResponse>();
  let closing = false;
  server.prependListener("request", (_request, response) => {
    if (closing) response.setHeader("Connection", "close");
    underWay.add(response);
    response.once("close", () => underWay.delete(response));
  });
  return async () => {
    closing = true;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const response of underWay) if (!response.headersSent) response.setHeader("Connection", "close");
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), requestsHaveMs).unref();
    await closed;
  };
}
