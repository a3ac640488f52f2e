import { PrismaPg } from "@prisma/adapter-pg";
import type pg from "pg";

type Adapter = Awaited<ReturnType<PrismaPg["connect"]>>;
type Transaction = Awaited<ReturnType<Adapter["startTransaction"]>>;

/**
 * Prisma's adapter for pg gives a transaction's connection back after a COMMIT or a ROLLBACK that went well, and never
 * where one of them fails (6.19). A COMMIT fails where a rule is checked at the end, and both fail on a connection that was
 * lost: after ten of these the house would stand still.
 */
export function givingConnectionsBack(pool: pg.Pool): PrismaPg {
  const factory = new PrismaPg(pool);
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    const start = adapter.startTransaction.bind(adapter);
    adapter.startTransaction = async (level) => givingBack(await start(level));
    return adapter;
  };
  return factory;
}

function givingBack(transaction: Transaction): Transaction {
  const execute = transaction.executeRaw.bind(transaction);
  transaction.executeRaw = async (query) => {
    try {
      return await execute(query);
    } catch (error) {
      // The adapter's own rollback says nothing to the server: it only lets go. A connection that is dead goes for good.
      if (query.sql === "COMMIT" || query.sql === "ROLLBACK") await transaction.rollback();
      throw error;
    }
  };
  return transaction;
}
