import type { PrismaClient } from "@prisma/client";
import { asTrouble } from "./database-trouble.ts";

/**
 * The client of the records, which says `busy` (`unavailable`) for a database that cannot be reached, whoever uses it:
 * every port that Prisma fills, and Shopify's session storage.
 */
export function tellingTrouble(prisma: PrismaClient): PrismaClient {
  const client = prisma.$extends({
    query: { $allOperations: ({ args, query }) => query(args).catch(throwTrouble) },
  });
  // What goes wrong at the begin or the end of a transaction is no operation's.
  const transaction = (...given: unknown[]) =>
    (client.$transaction as (...args: unknown[]) => Promise<unknown>)(...given).catch(throwTrouble);
  return new Proxy(client, {
    get: (target, name) => (name === "$transaction" ? transaction : (Reflect.get(target, name, target) as unknown)),
  }) as unknown as PrismaClient;
}

function throwTrouble(error: unknown): never {
  throw asTrouble(error);
}
