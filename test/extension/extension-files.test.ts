import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { themeCheckRun } from "@shopify/theme-check-node";
import { describe, expect, it } from "vitest";
// @ts-expect-error A build script in plain JavaScript.
import * as buildScript from "../../scripts/build-widget.mjs";

const { staleAssets } = buildScript as { staleAssets(): Promise<string[]> };

const folder = fileURLToPath(new URL("../../extensions/pet-processor/", import.meta.url));
const files = (name: string) => readdirSync(join(folder, name));
const text = (path: string) => readFileSync(join(folder, path), "utf8");
const size = (path: string) => statSync(join(folder, path)).size;

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
    expect(ignored).toEqual(["src/*"]);
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

  it("stay under Shopify's limits, the first script under 10,000 bytes as it lies", () => {
    expect(size("assets/pet-processor.js")).toBeLessThan(10_000);
    expect(size("assets/pet-processor.css")).toBeLessThan(100_000);
    expect(Math.max(...files("locales").map((file) => size(`locales/${file}`)))).toBeLessThan(15 * 1024);
    expect(files("blocks").reduce((sum, file) => sum + size(`blocks/${file}`), 0)).toBeLessThan(100_000);
    const all = Object.keys(accepted).filter((name) => readdirSync(folder).includes(name));
    const bytes = all.flatMap((name) => files(name).map((file) => size(`${name}/${file}`)));
    expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThan(1_000_000);
  });

  it("have assets that are what src builds", async () => {
    expect(await staleAssets()).toEqual([]);
  });

  it("write no text into the page as markup and run no text as code", () => {
    const sinks =
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|srcdoc|\beval\b|new Function|setTimeout\(\s*["'`]|javascript:/;
    const guilty = files("src").filter((file) => sinks.test(text(`src/${file}`)));
    expect(guilty).toEqual([]);
    for (const script of ["pet-processor.js", "pet-studio.js"]) expect(text(`assets/${script}`)).not.toMatch(sinks);
  });

  it("have no inline script, handler or style, no foreign address, and no wrapped fetch", () => {
    const block = text("blocks/pet-processor.liquid").replace(/\{%-?\s*schema[\s\S]*/, "");
    expect(block.match(/<script(?! type="application\/json">)|\son\w+=|\sstyle=|https?:\/\//g)).toBeNull();
    const foreign = files("src").filter((file) =>
      /https?:\/\/|window\.fetch\s*=|globalThis\.fetch\s*=/.test(text(`src/${file}`)),
    );
    expect(foreign).toEqual([]);
  });

  it("take only types from the house", () => {
    const imports = files("src").flatMap(
      (file) => text(`src/${file}`).match(/import [^;]*"\.\.\/\.\.\/\.\.\/[^;]*;/g) ?? [],
    );
    const wrong = imports.filter(
      (line) => !/^import type [^;]*"\.\.\/\.\.\/\.\.\/app\/http\/storefront-api\.ts";$/s.test(line),
    );
    expect([imports.length > 0, wrong]).toEqual([true, []]);
  });

  it("read clock, chance and network in one file", () => {
    const free = files("src").filter((file) => /Date\.now\(|Math\.random\(|new Date\(\)/.test(text(`src/${file}`)));
    expect(free).toEqual(["surroundings.ts"]);
  });
});
