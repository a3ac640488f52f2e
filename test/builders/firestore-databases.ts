import type { Firestore } from "@google-cloud/firestore";
import { afterAll, beforeAll, describe } from "vitest";
import { openFirestore } from "#app/adapters/firestore/open-firestore.ts";
import { findFirestoreEmulator, howToGetAnEmulator, startFirestoreEmulator } from "#test/google/firestore-emulator.ts";

/** Empty Firestore databases on an emulator that runs as long as the suite. */
export type FirestoreServer = {
  host: string;
  /** A project nobody else uses, so that nothing is in it. */
  projectId: string;
  /** A client of its own; ended with the suite. */
  connect(): Firestore;
};

const found = findFirestoreEmulator();
// The SDK would take it for the address of every client, also of those that are to find nobody there.
delete process.env.FIRESTORE_EMULATOR_HOST;

/** Without an emulator the suite reports itself as skipped, and says in its name what is missing. */
export function describeOnFirestore(name: string, suite: (server: FirestoreServer) => void): void {
  const missing = found === undefined;
  describe.skipIf(missing)(missing ? `${name} (${howToGetAnEmulator})` : name, () => {
    const clients: Firestore[] = [];
    const server = { host: "", projectId: `t-${process.hrtime.bigint().toString(36)}` };
    const connect = () => {
      const client = openFirestore({ projectId: server.projectId, databaseId: "(default)", emulatorHost: server.host });
      clients.push(client);
      return client;
    };
    let stop = async (): Promise<void> => undefined;
    beforeAll(async () => {
      const emulator = await startFirestoreEmulator(found);
      if (emulator === undefined) throw new Error(howToGetAnEmulator);
      server.host = emulator.host;
      stop = emulator.stop;
    });
    afterAll(async () => {
      await Promise.all(clients.map((client) => client.terminate()));
      await stop();
    });
    suite({
      get host() {
        return server.host;
      },
      projectId: server.projectId,
      connect,
    });
  });
}
