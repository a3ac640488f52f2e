import { mkdirSync } from "node:fs";
import type { Browser } from "playwright-core";
import { desktop, phone } from "#test/browser/chromium.ts";
import { openBrowser } from "./browser.ts";
import { states, visitState, type Look, type State } from "./states.ts";

/**
 * Takes pictures for a person to look at, in any theme, scheme and direction of writing:
 * `node test/extension/harness/look.ts FOLDER [theme] [scheme] [state] [size] [dir] [contrast]`. Each word but the last two
 * is a part of a name; without it all are taken. `contrast` is `forced` for the colours that a reader chose for every page.
 */
const [, , folder = "test/output/looks", ...words] = process.argv;
const [onlyTheme, onlyScheme, onlyState = "", onlySize, dir = "ltr", contrast = ""] = words;

const sizes = { phone, desktop };
const print = (line: string) => void process.stdout.write(`${line}\n`);
const wanted = (all: string[], only = "") => all.filter((name) => name.includes(only));

async function photograph(browser: Browser, state: State, look: Look, name: string): Promise<void> {
  try {
    const { page, faults, end } = await visitState(browser, state, look);
    await page.waitForTimeout(450);
    await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
    for (const fault of faults) print(`${name}: ${fault}`);
    await end();
  } catch (error) {
    print(`${name}: ${String(error)}`);
  }
}

const forced = contrast === "forced" ? { forcedColors: "active" as const } : {};
const looks = wanted(["triplets", "colours", "plain"], onlyTheme).flatMap((theme) =>
  wanted(["light", "dark"], onlyScheme).flatMap((scheme) =>
    wanted(Object.keys(sizes), onlySize).map((size) => {
      const context = { ...sizes[size as keyof typeof sizes], ...forced, colorScheme: scheme as "light" | "dark" };
      const look: Look = { theme, scheme, context, dir: dir === "rtl" ? "rtl" : "ltr" };
      return { look, name: [theme, scheme, size, dir, contrast].filter(Boolean).join("-") };
    }),
  ),
);

mkdirSync(folder, { recursive: true });
const browser = await openBrowser();
for (const { look, name } of looks)
  for (const state of states.filter((one) => new RegExp(onlyState).test(one.name)))
    await photograph(browser, state, look, `${state.name}-${name}`);
await browser.close();
