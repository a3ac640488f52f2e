import type { Pool } from "pg";
import { readMigrationState, type MigrationState } from "#app/adapters/prisma/migration-state.ts";
import { reasonOf } from "./examine.ts";
import { failed, ok, skipped, warning, type Check, type Looked } from "./finding.ts";

/** @param open - null for the embedded database, which only the app's own process can open */
export function databaseCheck({
  open,
  migrationsFolder,
}: {
  open: (() => Pool) | null;
  migrationsFolder: string;
}): Check {
  return {
    name: "database",
    async look() {
      if (open === null) return skipped("the embedded database is open to the app's own process only");
      const pool = open();
      try {
        return sayOf(await readMigrationState(pool, migrationsFolder));
      } catch (error) {
        return failed(reasonOf(error), "Look at DATABASE_URL, and whether the server lets this machine in.");
      } finally {
        await pool.end();
      }
    },
  };
}

function sayOf({ missing, changed, unknown }: MigrationState): Looked {
  if (changed.length > 0)
    return failed(`applied in another form: ${changed.join(", ")}`, "Deploy the version whose migrations these are.");
  if (missing.length > 0)
    return failed(`not applied yet: ${missing.join(", ")}`, "Start the app of this version: it applies them itself.");
  if (unknown.length > 0)
    return warning(
      `a newer version has been here: ${unknown.join(", ")}`,
      "Run the doctor of the version that is deployed.",
    );
  return ok("reachable, every migration is applied");
}
