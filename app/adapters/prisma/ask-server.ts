import pg from "pg";

/** What the server said when it was asked what it is at work on. */
export type ServerAnswer =
  | { kind: "at work"; pids: ReadonlySet<number> }
  /** It spoke, but let nobody in: it is full, starting, or going down. */
  | { kind: "refused" }
  | { kind: "none" };

/**
 * Asks on a connection of its own, which is gone afterwards.
 *
 * @param cutAfter - is given what ends the question, and gives back what calls that off
 */
export async function askServer(
  connectionString: string,
  cutAfter: (cut: () => void) => () => void,
): Promise<ServerAnswer> {
  const client = new pg.Client({ connectionString, application_name: "pet-portraits watch" });
  client.on("error", () => undefined);
  // A graceful end would wait for a server that may never say goodbye.
  const drop = () => void client.connection.stream.destroy(new Error("the server did not answer in time"));
  const callOff = cutAfter(drop);
  try {
    await client.connect();
    const { rows } = await client.query<{ pid: number }>(`SELECT pid FROM pg_stat_activity WHERE state = 'active'`);
    return { kind: "at work", pids: new Set(rows.map(({ pid }) => pid)) };
  } catch (error) {
    return { kind: error instanceof pg.DatabaseError ? "refused" : "none" };
  } finally {
    callOff();
    drop();
  }
}
