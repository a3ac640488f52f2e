import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { ForgetReceiptJson, PortraitJson } from "../../../app/http/storefront-api.ts";
import type { ResultModel } from "../../../extensions/pet-processor/src/result/result-stage.ts";
import { extensionFolder, startPageServer, type PageServer } from "./page-server.ts";
import { sentences } from "../words.ts";
import { themes } from "./themes.ts";

declare global {
  interface Window {
    result: {
      show(model: ResultModel | null): void;
      refresh(): void;
      leave(): void;
      heard: { picked: PortraitJson[]; forgotten: ForgetReceiptJson[] };
    };
  }
}

export type ResultPage = {
  server: PageServer;
  page: Page;
  /** Ready portraits of this shopper, newest first. */
  portraits: PortraitJson[];
  faults: string[];
  /** Hosts that the page asked for anything. */
  hosts: Set<string>;
  show(changes?: Partial<ResultModel> | null): Promise<void>;
  end(): Promise<void>;
};

export type ResultPageOptions = {
  theme?: string;
  scheme?: string;
  locale?: string;
  dir?: string;
  /** The block's settings for the mockup, without their `print_`. */
  mockup?: Record<string, string | number | boolean>;
  /** How many portraits the shopper has already. */
  earlier?: number;
  context?: BrowserContextOptions;
  /** Before anything of the page runs: stubs of the browser's own. */
  init?: () => void;
};

const photoUrl = "/extensions/pet-processor/assets/sample-photo.jpg";

/** What a result looks like and its real script on a page of their own, with the scripted storefront behind them. */
export async function openResultPage(browser: Browser, options: ResultPageOptions = {}): Promise<ResultPage> {
  const server = await startPageServer({ stageMs: 0, limit: 99 });
  const { session, portraits } = await paintBefore(server, options.earlier ?? 1);
  const context = await browser.newContext({ viewport: { width: 800, height: 900 }, ...options.context });
  const page = await context.newPage();
  const faults: string[] = [];
  const hosts = new Set<string>();
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("request", (request) => hosts.add(new URL(request.url()).host));
  const files: Record<string, [type: string, body: string]> = {
    "/result": ["text/html", pageOf(options)],
    "/result.css": ["text/css", styles()],
    "/result.js": ["text/javascript", await script()],
  };
  for (const [path, [contentType, body]] of Object.entries(files)) {
    await page.route(`${server.url}${path}?**`, (route) => route.fulfill({ contentType, body }));
  }
  if (options.init) await page.addInitScript(options.init);
  await page.goto(`${server.url}/result?session=${session}`);
  await page.waitForFunction(() => "result" in window);
  return {
    server,
    page,
    portraits,
    faults,
    hosts,
    show: (changes = {}) => page.evaluate((model) => window.result.show(model), modelOf(changes, portraits)),
    async end() {
      await context.close();
      await server.close();
    },
  };
}

function modelOf(changes: Partial<ResultModel> | null, portraits: PortraitJson[]): ResultModel | null {
  if (changes === null) return null;
  return {
    portrait: portraits[0] ?? null,
    styleName: "Modern",
    before: { url: photoUrl, place: null },
    styleNames: { ink_wash: "Modern", pen_and_marker: "Sketch" },
    ...changes,
  };
}

/** A shopper who has had portraits painted, by the calls that any widget makes. */
async function paintBefore(server: PageServer, count: number) {
  const api = async (path: string, body?: string | object): Promise<unknown> => {
    const type = typeof body === "string" ? "application/octet-stream" : "application/json";
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const sent = body === undefined ? {} : { method: "POST", headers: { "content-type": type }, body: text };
    return (await fetch(`${server.url}/apps/pet-portraits/${path}`, sent)).json();
  };
  const { session } = (await api("session")) as { session: string };
  const { photo } = (await api(`photos?session=${session}&key=${"k".repeat(16)}`, "a dog")) as {
    photo: { id: string };
  };
  for (let take = 0; take < count; take += 1) {
    const order = {
      photos: [{ id: photo.id }],
      style: take % 2 ? "pen_and_marker" : "ink_wash",
      take: 1 + (take >> 1),
    };
    await api(`portraits?session=${session}&key=key-${String(take).padStart(16, "0")}`, order);
  }
  for (;;) {
    const { portraits } = (await api(`portraits?session=${session}`)) as { portraits: PortraitJson[] };
    if (portraits.every(({ status }) => status === "ready")) return { session, portraits };
  }
}

function pageOf({ theme = "triplets", scheme = "light", locale = "en", dir = "ltr", mockup }: ResultPageOptions) {
  const print = Object.entries(mockup ?? {}).map(([name, value]) => ` data-print-${name}="${value}"`);
  return `<!doctype html><html lang="${locale}" dir="${dir}" data-scheme="${scheme}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Result</title><style>${themes[theme]?.css}</style>
<link rel="stylesheet" href="/result.css?1"></head>
<body><header>Paws</header><main><div class="media">Product picture</div><div><h1>Canvas portrait</h1>
<pet-processor class="pet-processor" data-state="result" data-ratio="4/5" data-lang="${locale}"${print.join("")}>
<h3 class="pet-processor__heading">Your pet, painted</h3>
<div class="pet-processor__frame" data-part="frame"><div class="pet-processor__picture" data-part="picture"></div></div>
<div class="pet-processor__panel" data-part="stack"><h4 class="pet-processor__title">Your portrait, Modern</h4></div>
<p class="pet-processor__unseen" data-part="live" role="status" aria-live="polite"></p>
<script type="application/json">${JSON.stringify(sentences(locale))}</script></pet-processor>
<form action="/cart/add" method="post"><button class="button">Add to cart</button></form>
<p>Printed on cotton canvas, stretched over a wooden frame.</p></div></main>
<script type="module" src="/result.js?1"></script></body></html>`;
}

const source = (name: string) => fileURLToPath(new URL(name, import.meta.url));

function styles(): string {
  const sheet = (name: string) => readFileSync(join(extensionFolder, "assets", name), "utf8");
  return `${sheet("pet-processor.css")}\n${sheet("pet-studio.css")}`;
}

async function script(): Promise<string> {
  const built = await esbuild.build({
    entryPoints: [source("result-entry.ts")],
    bundle: true,
    write: false,
    format: "esm",
  });
  return built.outputFiles[0]?.text ?? "";
}
