import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { themeCheckRun } from "@shopify/theme-check-node";
import { describe, expect, it } from "vitest";
// @ts-expect-error A build script in plain JavaScript.
import * as buildScript from "../../scripts/build-widget.mjs";
// @ts-expect-error A build script in plain JavaScript, too.
import * as sizeScript from "../../scripts/widget-sizes.mjs";
import { extensionSources } from "./extension-sources.ts";

type Limit = { raw?: number; gzipped?: number };

const { staleAssets } = buildScript as { staleAssets(): Promise<string[]> };
const { sizeReport, sizeTable, widgetLimits } = sizeScript as {
  sizeReport(): { name: string; raw: number; gzipped: number; isOver: boolean }[];
  sizeTable(): string;
  widgetLimits: { assets: Record<string, Limit>; code: Limit; extension: Limit };
};

const folder = fileURLToPath(new URL("../../extensions/pet-processor/", import.meta.url));
const files = (name: string) => readdirSync(join(folder, name));
const text = (path: string) => readFileSync(join(folder, path), "utf8");
const sources = extensionSources();
const liquid = () =>
  ["blocks", "snippets"].flatMap((name) => files(name).map((file) => text(`${name}/${file}`))).join("\n");

/** What the Shopify CLI accepts in each folder, and no other folder. */
const accepted: Record<string, RegExp> = {
  assets: /\.(jpg|jpeg|json|js|css|png|svg|wasm)$/,
  blocks: /\.liquid$/,
  snippets: /\.liquid$/,
  locales: /\.json$/,
};

describe("the extension's files", () => {
  it("pass theme-check without one offence", async () => {
    const { offenses } = await themeCheckRun(folder, join(folder, ".theme-check.yml"), () => {});
    expect(offenses.map(({ check, message, uri }) => `${check}: ${message} (${uri})`)).toEqual([]);
  }, 60_000);

  it("are of the folders and kinds that the CLI takes; sources are left out of the package", () => {
    const ignored = text(".shopifyignore")
      .split("\n")
      .filter((line) => line && !line.startsWith("#"));
    expect(ignored).toEqual(["src/**"]);
    const folders = readdirSync(folder, { withFileTypes: true }).filter(
      (entry) => entry.isDirectory() && entry.name !== "src",
    );
    for (const { name } of folders) {
      expect(Object.keys(accepted)).toContain(name);
      const odd = readdirSync(join(folder, name), { withFileTypes: true }).filter(
        (entry) => entry.isDirectory() || !accepted[name]?.test(entry.name),
      );
      expect(odd.map((entry) => `${name}/${entry.name}`)).toEqual([]);
    }
  });

  it("stay within their limits, all of them", () => {
    const report = sizeReport();
    expect(report.map(({ name }) => name)).toEqual(expect.arrayContaining(files("assets")));
    expect(
      report.filter(({ isOver }) => isOver).map(({ name }) => name),
      `\n${sizeTable()}\n`,
    ).toEqual([]);
  });

  it("have limits that are no wider than Shopify's and than a shopper's patience", () => {
    expect(widgetLimits.assets["pet-processor.js"]).toEqual({ raw: 9_999, gzipped: 6_144 });
    expect(widgetLimits.code.gzipped).toBeLessThan(45 * 1024);
    expect(widgetLimits.extension.raw).toBeLessThan(10_000_000);
  });

  it("have assets that are what src builds", async () => {
    expect(await staleAssets()).toEqual([]);
  });

  it("write no text into the page as markup and run no text as code", () => {
    const sinks =
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|srcdoc|\beval\b|new Function|setTimeout\(\s*["'`]|javascript:/;
    const guilty = sources.filter((file) => sinks.test(text(file)));
    expect(guilty).toEqual([]);
    const scripts = files("assets").filter((file) => file.endsWith(".js"));
    expect(scripts.filter((file) => sinks.test(text(`assets/${file}`)))).toEqual([]);
  });

  it("have no inline script, handler or style, no foreign address, and no wrapped fetch", () => {
    const markup = liquid().replace(/\{%-?\s*schema[\s\S]*?endschema/g, "");
    expect(markup.match(/<script(?! type="application\/json">)|\son\w+=|\sstyle=|https?:\/\//g)).toBeNull();
    // The name of a language, which nobody fetches.
    const withoutSvg = (file: string) => text(file).replace('"http://www.w3.org/2000/svg"', "");
    const foreign = sources.filter((file) =>
      /https?:\/\/|window\.fetch\s*=|globalThis\.fetch\s*=/.test(withoutSvg(file)),
    );
    expect(foreign).toEqual([]);
  });

  it("take only types from the house", () => {
    const imports = sources.flatMap((file) => text(file).match(/import [^;]*"(\.\.\/){3,}[^;]*;/g) ?? []);
    const wrong = imports.filter(
      (line) => !/^import type [^;]*"(\.\.\/){3,4}app\/http\/storefront-api\.ts";$/s.test(line),
    );
    expect([imports.length > 0, wrong]).toEqual([true, []]);
  });

  it("read clock, chance and network in one file", () => {
    const free = sources.filter((file) => /Date\.now\(|Math\.random\(|new Date\(\)/.test(text(file)));
    expect(free).toEqual(["src/page/surroundings.ts"]);
  });
});
