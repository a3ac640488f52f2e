import { spawn } from "node:child_process";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { freePort } from "#test/builders/free-port.ts";

const entry = fileURLToPath(new URL("./fixtures/preview-of-stub.ts", import.meta.url));

async function startPreview(more: Record<string, string> = {}) {
  const ports = { PORT: String(await freePort()), SHOP_PORT: String(await freePort()), ...more };
  const child = spawn(process.execPath, [entry], {
    env: { ...process.env, NODE_ENV: "development", ...ports },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { out: "", err: "" };
  child.stdout.on("data", (text) => (said.out += text));
  child.stderr.on("data", (text) => (said.err += text));
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const ready = async () => {
    while (!said.out.includes("\n")) await new Promise((resolve) => setTimeout(resolve, 30));
    return said.out.split("\n").filter((line) => line.startsWith("ready "));
  };
  return { child, said, ended, ready, ports };
}

const isGone = (pid: number) => {
  try {
    return !process.kill(pid, 0);
  } catch {
    return true;
  }
};

it("says ready once, with both addresses, and stops both on SIGTERM", async () => {
  const { child, ended, ready, ports } = await startPreview();
  const [app, shop] = [`http://127.0.0.1:${ports.PORT}`, `http://127.0.0.1:${ports.SHOP_PORT}`];
  expect(await ready()).toEqual([`ready ${app} ${shop}`]);
  const told = (await (await fetch(app)).json()) as { pid: number };
  expect(told).toMatchObject({ SHOPIFY_APP_URL: app, LOCAL_SHOPIFY_URL: shop });
  expect((await fetch(shop)).status).toBe(200);
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
  expect(isGone(told.pid)).toBe(true);
  await expect(fetch(shop)).rejects.toThrow();
});

it("leaves no app behind when it is killed", async () => {
  const { child, ready, ended, ports } = await startPreview();
  await ready();
  const { pid } = (await (await fetch(`http://127.0.0.1:${ports.PORT}`)).json()) as { pid: number };
  child.kill("SIGKILL");
  await ended;
  await expect.poll(() => isGone(pid), { timeout: 5000 }).toBe(true);
});

it("ends with the app's own code when the app ends", async () => {
  const started = await startPreview({ STUB: "crash" });
  expect(await started.ended).toBe(7);
  expect(started.said.err).toContain("The app ended with code 7.");
  const running = await startPreview();
  await running.ready();
  await fetch(`http://127.0.0.1:${running.ports.PORT}/crash`).catch(() => undefined);
  expect(await running.ended).toBe(9);
});

it.each(["PORT", "SHOP_PORT"])("says it in a sentence when %s is taken", async (name) => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const { port } = taken.address() as AddressInfo;
  const { ended, said } = await startPreview({ [name]: String(port) });
  expect(await ended).toBe(1);
  expect(said.err).toBe(`Port ${port} is taken. Choose another with ${name}.\n`);
  await new Promise((resolve) => taken.close(resolve));
});
