import type { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import { prepareValue } from "pg/lib/utils.js";

/**
 * A `pg.Pool` whose one connection is PGlite in this process, so that Prisma's adapter-pg and pg-boss run the same
 * driver code, error codes and types on both databases. Whoever asks waits for their turn, first come first served; a
 * transaction holds its turn until it ends. Nobody else may touch the PGlite object, or they land in somebody's
 * transaction.
 */
export class PoolOfOne extends pg.Pool {
  readonly #database: PGlite;
  #lastTurn: Promise<void> = Promise.resolve();

  constructor(database: PGlite) {
    super({ max: 1 });
    this.#database = database;
    // Values travel as text both ways, as they do on a socket: pg's own parsers and serialisers are the only ones.
    database.serializers = {};
    for (const oid of Object.keys(database.parsers)) database.parsers[Number(oid)] = (text: string) => text;
  }

  // pg.Pool's overloads take callbacks too; nobody here calls with one.
  override connect = (async () => new Turn(this.#database, await this.#nextTurn())) as unknown as pg.Pool["connect"];

  override query = (async (query: Query, values?: unknown[]) => {
    const endTurn = await this.#nextTurn();
    try {
      return await runQuery(this.#database, query, values);
    } finally {
      endTurn();
    }
  }) as unknown as pg.Pool["query"];

  override async end(): Promise<void> {
    await this.#nextTurn();
    await this.#database.close();
  }

  /** Resolves when every earlier turn has ended, with the function that ends this one. */
  async #nextTurn(): Promise<() => void> {
    const before = this.#lastTurn;
    let endTurn: () => void = () => undefined;
    this.#lastTurn = new Promise((resolve) => (endTurn = resolve));
    await before;
    return endTurn;
  }
}

type Query = string | { text: string; values?: unknown[]; rowMode?: "array"; types?: pg.CustomTypesConfig };

/** What `connect()` hands out: the parts of `pg.PoolClient` that Prisma's adapter and pg-boss use. */
class Turn {
  readonly #database: PGlite;
  readonly #endTurn: () => void;
  #inTransaction = false;

  constructor(database: PGlite, endTurn: () => void) {
    this.#database = database;
    this.#endTurn = endTurn;
  }

  async query(query: Query, values?: unknown[]): Promise<pg.QueryResult> {
    const text = textOf(query);
    if (/^\s*BEGIN\b/i.test(text)) this.#inTransaction = true;
    const ends = /^\s*(COMMIT|ROLLBACK)\s*;?\s*$/i.test(text);
    try {
      return await runQuery(this.#database, query, values);
    } finally {
      // adapter-pg forgets to release where COMMIT fails, so the end of a transaction ends the turn whatever came of it.
      if (ends) {
        this.#inTransaction = false;
        this.#endTurn();
      }
    }
  }

  /** An open transaction is rolled back: the next turn must not find itself in it. */
  release(): void {
    if (!this.#inTransaction) return this.#endTurn();
    this.#inTransaction = false;
    // On a database that is being closed it fails; the turn is over all the same.
    void this.#database.exec("ROLLBACK").then(this.#endTurn, this.#endTurn);
  }

  on(): this {
    return this;
  }
  once(): this {
    return this;
  }
  removeListener(): this {
    return this;
  }
}

const textOf = (query: Query): string => (typeof query === "string" ? query : query.text);

async function runQuery(database: PGlite, query: Query, given?: unknown[]): Promise<pg.QueryResult> {
  const options: Exclude<Query, string> = typeof query === "string" ? { text: query } : query;
  const values = given ?? options.values ?? [];
  const rowMode = options.rowMode ?? "object";
  if (values.length === 0) {
    const results = await database.exec(textOf(query), { rowMode });
    const parsed = results.map((result) => asPgResult(result, options));
    return (parsed.length === 1 ? parsed[0] : parsed) as pg.QueryResult;
  }
  return asPgResult(await database.query(textOf(query), values.map(asText), { rowMode }), options);
}

function asText(value: unknown): unknown {
  const prepared: unknown = prepareValue(value);
  return Buffer.isBuffer(prepared) ? `\\x${prepared.toString("hex")}` : prepared;
}

type PgliteResult = { rows: unknown[]; fields: { name: string; dataTypeID: number }[]; affectedRows?: number };

function asPgResult(result: PgliteResult, options: { types?: pg.CustomTypesConfig }): pg.QueryResult {
  const types = options.types ?? pg.types;
  const parsers = result.fields.map(
    (field) => types.getTypeParser(field.dataTypeID, "text") as (text: string) => unknown,
  );
  const parse = (text: unknown, column: number) => (text === null ? null : (parsers[column]?.(text as string) ?? text));
  const rows = result.rows.map((row) =>
    Array.isArray(row)
      ? row.map(parse)
      : Object.fromEntries(
          result.fields.map((field, column) => [
            field.name,
            parse((row as Record<string, unknown>)[field.name], column),
          ]),
        ),
  );
  return {
    rows,
    fields: result.fields,
    rowCount: result.affectedRows || rows.length,
    command: "",
    oid: 0,
  } as unknown as pg.QueryResult;
}
