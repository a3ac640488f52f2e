import { once } from "node:events";
import { createFirestoreQuotaStore } from "#app/adapters/firestore/firestore-quota-store.ts";
import { openFirestore, reachFirestore } from "#app/adapters/firestore/open-firestore.ts";
import { asAppError } from "#app/kernel/errors.ts";
import { at, burstClaim, dayClaim, ticketOf } from "./quota-tickets.ts";

/**
 * One process of several that want portraits for the same customer at the same moment:
 * `node test/builders/quota-rush.ts '{"host":…,"projectId":…,"name":…,"requests":…}'`. It says that it is ready, waits for
 * a line, and prints what became of its requests. Like a browser it asks again, with the same request, when it is told
 * "busy"; the deadline is the one of production.
 */
export type Rush = { host: string; projectId: string; name: string; requests: number };
export type RushOutcome = { answers: string[]; timesBusy: number; longestCallMs: number };

const { host, projectId, name, requests } = JSON.parse(process.argv[2] ?? "{}") as Rush;
const firestore = openFirestore({ projectId, databaseId: "(default)", emulatorHost: host });
const store = createFirestoreQuotaStore(firestore);
const outcome: RushOutcome = { answers: [], timesBusy: 0, longestCallMs: 0 };

/** The call's answer; asked again while it is "busy". */
async function answerOf<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    const startedAt = performance.now();
    try {
      return await call();
    } catch (error) {
      if (asAppError(error).code !== "busy" || attempt === 20) throw error;
      outcome.timesBusy += 1;
    } finally {
      outcome.longestCallMs = Math.max(outcome.longestCallMs, Math.round(performance.now() - startedAt));
    }
  }
}

async function want(n: number): Promise<string> {
  const claims = [dayClaim("c:rush", 5), burstClaim("s:rush", 100)];
  const ticket = ticketOf("rush", n % 2 === 0 ? claims : claims.reverse(), `${name}-${n}`);
  const answer = await answerOf(() => store.reserve(ticket, { nowMs: at(), leaseMs: 90_000 }));
  return answer.allowed ? answerOf(() => store.commit(ticket, { nowMs: at() })) : `refused by ${answer.blockedBy}`;
}

await reachFirestore(firestore);
process.stdout.write("ready\n");
await once(process.stdin, "data");
outcome.answers = await Promise.all(Array.from({ length: requests }, (_, n) => want(n)));
process.stdout.write(`${JSON.stringify(outcome)}\n`);
await firestore.terminate();
process.stdin.destroy();
