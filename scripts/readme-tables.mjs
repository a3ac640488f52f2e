import { readFileSync, writeFileSync } from "node:fs";
import { describeSettings } from "../app/config.server.ts";
import { budgetLadder } from "../app/ledger/budget-ladder.ts";
import { geminiPriceList, geminiPrices } from "../app/ledger/gemini-prices.ts";
import { imageModels } from "../app/painters/models.ts";
import { describeProviderAnswers } from "../app/painters/provider-answers.ts";
import { directPhotoLimits, proxyPhotoLimits } from "../app/photos/limits.ts";
import { defaultQuotaLimits } from "../app/quota/tiers.ts";
import { styles } from "../app/styles/catalogue.ts";
import { alarmsOf } from "./google-cloud/alarms.ts";
import { sizeReport } from "./widget-sizes.mjs";

/**
 * Writes the tables of the README and the docs from the code that they describe; `--check` fails where they differ instead. A table stands
 * between `<!-- table: name -->` and `<!-- end -->`.
 */
const table = (heads, rows) =>
  [heads, heads.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
const percent = (share) => `${share * 100} %`;
const usd = (microUsd) => `$${(microUsd / 1_000_000).toFixed(4)}`;
const remedies = { retry: "tried again", soften: "asked once more in softer words", none: "fails" };
const million = (value) => `${value / 1_000_000} million`;

const tables = {
  styles: () =>
    table(
      ["style", "shoppers see", "", "revision"],
      styles.map((style) => [`\`${style.id}\``, style.name, style.description, style.revision]),
    ),
  limits: () =>
    table(
      ["limit", "default"],
      [
        ["bytes of a photo, by the app proxy", `${million(proxyPhotoLimits.maxBytes)}`],
        ["bytes of a photo, straight into storage", `${million(directPhotoLimits.maxBytes)}`],
        ["shortest side after rotation", `${proxyPhotoLimits.minSide} px`],
        ["longest side that is kept", `${proxyPhotoLimits.maxSide} px`],
        ["shape", `at most ${proxyPhotoLimits.maxRatio} : 1`],
        [
          "formats, by content",
          proxyPhotoLimits.accept.map((type) => type.replace("image/", "").toUpperCase()).join(", "),
        ],
        ["photos in one portrait", proxyPhotoLimits.maxPhotos],
        ["portraits of a customer", `${defaultQuotaLimits.customerPerDay} a UTC day`],
        ["portraits of a guest session", `${defaultQuotaLimits.guestPerDay} a UTC day`],
        ["burst of any session", `${defaultQuotaLimits.burst} in ${defaultQuotaLimits.burstWindowMs / 60_000} minutes`],
        ["guests of one network address", `${defaultQuotaLimits.addressPerDay} a UTC day`],
        ["a shop's day of money: the cheaper model paints", `from ${percent(budgetLadder.cheaperModel)}`],
        ["a shop's day of money: no new takes", `from ${percent(budgetLadder.noNewTakes)}`],
        [
          "a shop's day of money: what is painted already, and orders for later",
          `at ${percent(budgetLadder.cachedOnly)}`,
        ],
      ],
    ),
  prices: () =>
    table(
      ["model", "for", "a 1K picture", "the most a call can cost", "holds from"],
      geminiPrices("1K").map(({ model, holdsFrom, highestMicroUsd }) => {
        const row = geminiPriceList.find((listed) => listed.model === model);
        const { role } = imageModels.find(({ id }) => id === model);
        return [`\`${model}\``, role, usd(row.pictureTokens["1K"] * row.outputImage), usd(highestMicroUsd), holdsFrom];
      }),
    ),
  answers: () =>
    table(
      ["answer", "what it means", "what is done", "provider is down", "billed", "code"],
      describeProviderAnswers().map((row) => [
        row.answer,
        row.meaning,
        remedies[row.remedy],
        row.providerIsDown ? "yes" : "",
        row.billing,
        `\`${row.code}\``,
      ]),
    ),
  alarms: () =>
    table(
      ["alarm", "", "what to do"],
      alarmsOf({ service: "", job: "" }).map(({ name, severity, toDo }) => [name, severity.toLowerCase(), toDo]),
    ),
  widget: () =>
    table(
      ["", "bytes", "compressed", "at most"],
      sizeReport()
        .filter(({ name }) => /\.(js|css|wasm)$|^scripts/.test(name))
        .map(({ name, raw, gzipped, limit }) => [name, raw, gzipped, limit.gzipped ?? `${limit.raw} raw`]),
    ),
  settings: () =>
    table(
      ["variable", "default", ""],
      describeSettings().map(({ name, fallback, about }) => [
        `\`${name}\``,
        fallback === "" ? "" : `\`${fallback}\``,
        about,
      ]),
    ),
};

const isCheck = process.argv.includes("--check");
let isStale = false;
for (const name of ["README.md", "docs/gemini-answers.md", "docs/deployment.md", "docs/widget.md"]) {
  const file = new URL(`../${name}`, import.meta.url);
  const before = readFileSync(file, "utf8");
  const after = before.replace(
    /(<!-- table: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_whole, start, table, end) => `${start}${tables[table]()}\n${end}`,
  );
  if (!isCheck) writeFileSync(file, after);
  else if (before !== after) {
    isStale = true;
    process.stderr.write(`${name} is not what the code says: run \`npm run readme\`.\n`);
  }
}
if (isStale) process.exitCode = 1;
