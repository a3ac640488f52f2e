import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as esbuild from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createGcsDirectUploads } from "#app/adapters/gcs/direct-uploads.ts";
import { systemClock } from "#app/kernel/clock.ts";
import { fakeBucket, openFakeGcs, type FakeGcs } from "#test/builders/gcs.ts";
import type { sendForm } from "../../extensions/pet-processor/src/page/send-form.ts";
import { hasChromium, openBrowser } from "./harness/browser.ts";

type InPage = typeof globalThis & { widget: { sendForm: typeof sendForm } };

/** The widget's own sending, in a real browser, from a page of one origin to a storage of another. */
describe.runIf(hasChromium)("a signed form from a shop's page", { timeout: 60_000 }, () => {
  const place = { shop: "a.myshopify.com", owner: "s:1", photoId: "pht_1" };
  const bytes = 3_000_000;
  let gcs: FakeGcs;
  let browser: Browser;
  let page: Page;
  let closePage: () => void;

  beforeAll(async () => {
    const entry = new URL("../../extensions/pet-processor/src/page/send-form.ts", import.meta.url).pathname;
    const built = await esbuild.build({
      entryPoints: [entry],
      bundle: true,
      write: false,
      format: "iife",
      globalName: "widget",
    });
    const server = createServer((_, response) => {
      response.setHeader("content-type", "text/html");
      response.end(`<!doctype html><script>${built.outputFiles[0]?.text}</script>`);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closePage = () => server.close();
    gcs = await openFakeGcs();
    browser = await openBrowser();
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/products/canvas`);
  });
  afterAll(async () => {
    await browser?.close();
    closePage();
    await gcs.close();
  });

  const offer = () =>
    createGcsDirectUploads(gcs.bucket, { clock: systemClock }).offer(place, { bytes, contentType: "image/jpeg" });
  const send = async (upload: { url: string; fields: Record<string, string> }, size = bytes) =>
    page.evaluate(
      async ({ url, fields, size }) => {
        const form = new FormData();
        for (const [name, value] of Object.entries(fields)) form.append(name, value);
        form.append("file", new Blob([new Uint8Array(size)], { type: "image/jpeg" }));
        const shares: number[] = [];
        const { signal } = new AbortController();
        const sent = (globalThis as InPage).widget.sendForm(url, form, {
          signal,
          onSent: (share) => shares.push(share),
        });
        return { outcome: await sent.catch((fault: Error) => fault.name), shares };
      },
      { ...upload, size },
    );

  it("arrives whole, with the browser's question first and its progress told to the end", async () => {
    const { outcome, shares } = await send(await offer());
    expect(outcome).toBe(204);
    expect(gcs.fake.buckets.get(fakeBucket)?.objects.get("uploads/a.myshopify.com/s-1/pht_1")?.bytes.length).toBe(
      bytes,
    );
    expect(gcs.fake.requests.map(({ method }) => method)).toEqual(["OPTIONS", "POST"]);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
  });

  it("that is refused, or cut off on the way, is told apart from one that arrived", async () => {
    expect((await send(await offer(), bytes + 1)).outcome).not.toBe(204);
    // A browser repeats by itself what was reset on a connection that it had used before.
    gcs.fake.faults.add({ kind: "reset-before" }, { method: "POST" }, 10);
    expect((await send(await offer())).outcome).toBe("TypeError");
  });
});
