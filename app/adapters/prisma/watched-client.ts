import pg from "pg";
import { ServerSilent, type ServerWatch } from "./server-watch.ts";

type Callback = (error: Error | null, answer?: unknown) => void;

/**
 * pg's client, whose every wait for the server is known to a watch: while it is connecting, and for each statement. It is
 * a class, because that is what a `pg.Pool` takes; ours and the queue's pool make theirs of the same one.
 *
 * The patience for connecting is the watch's. pg has one option for that and for waiting one's turn in a pool, and a
 * crowd in front of a server that is well would be taken for a dead one.
 */
export function watchedClient(watch: ServerWatch): new (config?: string | pg.ClientConfig) => pg.Client {
  return class WatchedClient extends pg.Client {
    constructor(config: string | pg.ClientConfig = {}) {
      super({ ...(typeof config === "string" ? { connectionString: config } : config), connectionTimeoutMillis: 0 });
      // Who holds it hears of its end by the answer to their statement; unheard, the event would end the process.
      this.on("error", () => undefined);
    }

    override connect = ((callback?: Callback) => {
      if (watch.isSilent) return failed(new ServerSilent(), callback);
      const forget = watch.follow(this.#asWatched);
      this.once("end", forget);
      const answered = watch.expect({ pid: null, ...this.#asWatched });
      return told(answered, callback, (done) => super.connect(done as (error: Error) => void));
    }) as unknown as pg.Client["connect"];

    override query = ((...asked: unknown[]) => {
      const callback = typeof asked.at(-1) === "function" ? (asked.pop() as Callback) : undefined;
      if (watch.isSilent) return failed(new ServerSilent(), callback);
      const { processID: pid } = this as unknown as { processID: number | null };
      const answered = watch.expect({ pid, ...this.#asWatched });
      const query = super.query.bind(this) as (...args: unknown[]) => void;
      return told(answered, callback, (done) => query(...asked, done));
    }) as unknown as pg.Client["query"];

    readonly #asWatched = { cut: (reason: Error) => void this.connection.stream.destroy(reason) };
  };
}

/** Passes the answer on as it was wished for, to a callback or as a promise, and tells the watch of it first. */
function told(
  answered: (how: "heard" | "failed") => void,
  callback: Callback | undefined,
  ask: (done: Callback) => void,
): Promise<unknown> | undefined {
  const asking = (pass: Callback) =>
    ask((error, answer) => {
      answered(error === null || error === undefined || error instanceof pg.DatabaseError ? "heard" : "failed");
      pass(error, answer);
    });
  if (callback !== undefined) return void asking(callback);
  return new Promise((resolve, reject) => asking((error, answer) => (error ? reject(error) : resolve(answer))));
}

function failed(error: Error, callback: Callback | undefined): Promise<never> | undefined {
  if (callback === undefined) return Promise.reject(error);
  process.nextTick(() => callback(error));
  return undefined;
}
