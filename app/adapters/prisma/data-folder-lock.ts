import { createHash } from "node:crypto";
import { mkdirSync, realpathSync, rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Two processes on one PGlite folder lose rows without a word. A socket named after the folder keeps the second one out:
 * on Linux an abstract one and on Windows a pipe, which both go with their process; elsewhere a socket file, which a
 * killed process leaves behind and which is taken over when nobody answers at it. It keeps no two machines and, on Linux,
 * no two containers apart: one reason why production uses a PostgreSQL server.
 *
 * @throws Error that says what to do, when another process works in the folder
 */
export async function lockDataFolder(
  folder: string,
  platform: NodeJS.Platform = process.platform,
): Promise<() => Promise<void>> {
  mkdirSync(folder, { recursive: true });
  const path = lockAddress(folder, platform);
  const isFile = platform !== "linux" && platform !== "win32";
  const server = createServer();
  if (isFile && !(await isAnswered(path))) rmSync(path, { force: true });
  await listen(server, path, folder);
  server.unref();
  return () => new Promise((resolve) => server.close(() => resolve()));
}

function lockAddress(folder: string, platform: NodeJS.Platform): string {
  const name = `pet-portraits-${createHash("sha256").update(realpathSync(folder)).digest("hex").slice(0, 32)}`;
  if (platform === "linux") return `\0${name}`;
  return platform === "win32" ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const call = connect(path);
    const end = (answered: boolean) => (call.destroy(), resolve(answered));
    call.once("connect", () => end(true));
    call.once("error", () => end(false));
  });
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
