import pg from "pg";
import { askServer } from "./ask-server.ts";
import { ServerWatch, usualServerPatience, type ServerPatience } from "./server-watch.ts";
import { watchedClient } from "./watched-client.ts";

/**
 * The connections to a PostgreSQL server, and the watch over them. Its `options.Client` is the watched client: whoever
 * needs a pool of their own on the same server makes it of that.
 */
export class ServerPool extends pg.Pool {
  readonly watch: ServerWatch;

  constructor(connectionString: string, connections: number, patience: ServerPatience = usualServerPatience) {
    const watch = new ServerWatch((cutAfter) => askServer(connectionString, cutAfter), patience);
    super({ connectionString, max: connections, Client: watchedClient(watch), ...waits });
    this.watch = watch;
    // An idle connection that dies is replaced at the next query; unheard, the event would end the process.
    this.on("error", () => undefined);
  }

  override async end(): Promise<void> {
    this.watch.close();
    await super.end();
  }
}

/** Milliseconds. */
const waits = {
  /** For one's turn, in a crowd on a server that is well. */
  connectionTimeoutMillis: 20_000,
  /** For a lock: as long as a transaction may take. */
  lock_timeout: 15_000,
  // What a process holds whose connection was lost on the way the server would hold for hours.
  idle_in_transaction_session_timeout: 20_000,
  keepAlive: true,
};
