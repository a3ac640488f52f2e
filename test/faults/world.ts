import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFolderObjectStore } from "#app/adapters/filesystem/folder-object-store.ts";
import { databaseOn, openServer, type Database } from "#app/adapters/prisma/open-database.ts";
import type { ObjectStore } from "#app/gallery/object-store.ts";
import { createServerDatabase } from "#test/builders/databases.ts";
import { startHouseProcess, type HouseProcess } from "#test/builders/house-processes.ts";
import { startFakeGemini, type FakeGemini } from "#test/google/fake-gemini/start-fake-gemini.ts";

/**
 * Houses in processes of their own on one PostgreSQL server and one folder, and the provider's stand-in with a bill of its
 * own: what an installation of several instances is, small enough to be killed a hundred times.
 */
export type World = {
  database: Database;
  masters: ObjectStore;
  previews: ObjectStore;
  provider: FakeGemini;
  start(environment?: Record<string, string>): Promise<HouseProcess>;
  /** Ends what still runs. @returns what any process logged as an error */
  close(): Promise<unknown[]>;
};

export async function openWorld(settings: Record<string, string> = {}): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "pet-portraits-world-"));
  const url = await createServerDatabase();
  const database = databaseOn(openServer(url, 2), { embedded: false, unlock: async () => undefined });
  const provider = await startFakeGemini({ pictures: "flat" });
  const houses: HouseProcess[] = [];
  const environment = {
    DATABASE_URL: url,
    DATA_DIR: folder,
    PAINTER: "gemini",
    GEMINI_API_KEY: "fake-key",
    GEMINI_BASE_URL: provider.url,
    GEMINI_SPENDING_LIMIT_USD: "10000",
    DAILY_BUDGET_USD: "10000",
    QUOTA_BURST: "1000",
    ...settings,
  };
  return {
    database,
    masters: createFolderObjectStore(join(folder, "gallery")),
    previews: createFolderObjectStore(join(folder, "previews")),
    provider,
    async start(more = {}) {
      const house = await startHouseProcess({ ...environment, ...more });
      houses.push(house);
      return house;
    },
    async close() {
      for (const { child, stop } of houses) if (child.exitCode === null && child.signalCode === null) await stop();
      await database.close();
      await provider.close();
      rmSync(folder, { recursive: true, force: true });
      return houses.flatMap(({ told }) => told.filter(({ error, leak }) => (error ?? leak) !== undefined));
    },
  };
}
