import { createHash } from "node:crypto";
import { mkdirSync, realpathSync } from "node:fs";
import { createServer, type Server } from "node:net";

/**
 * Two processes on one PGlite folder lose rows without a word. A Linux abstract socket named after the folder keeps the
 * second one out and needs no cleaning up after kill -9. It is per network namespace: two containers that share a volume
 * are not kept apart by it, which is one reason why production uses a PostgreSQL server.
 *
 * @throws Error that says what to do, when another process works in the folder
 */
export async function lockDataFolder(folder: string): Promise<() => Promise<void>> {
  mkdirSync(folder, { recursive: true });
  const name = createHash("sha256").update(realpathSync(folder)).digest("hex").slice(0, 32);
  const server = createServer();
  await listen(server, `\0pet-portraits-${name}`, folder);
  server.unref();
  return () => new Promise((resolve) => server.close(() => resolve()));
}

function listen(server: Server, path: string, folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const taken = `Another process already works in ${folder}. Stop it, or choose another DATA_DIR.`;
      reject(cause.code === "EADDRINUSE" ? new Error(taken, { cause }) : cause);
    });
    server.listen(path, resolve);
  });
}
