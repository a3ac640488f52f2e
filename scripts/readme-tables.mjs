import { readFileSync, writeFileSync } from "node:fs";
import { describeSettings } from "../app/config.server.ts";
import { proxyPhotoLimits } from "../app/photos/limits.ts";
import { defaultQuotaLimits } from "../app/quota/tiers.ts";
import { styles } from "../app/styles/catalogue.ts";

/**
 * Writes the README's tables from the code that they describe; `--check` fails where they differ instead. A table stands
 * between `<!-- table: name -->` and `<!-- end -->`.
 */
const table = (heads, rows) =>
  [heads, heads.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
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
        ["bytes of a photo", `${million(proxyPhotoLimits.maxBytes)}`],
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
      ],
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

const file = new URL("../README.md", import.meta.url);
const before = readFileSync(file, "utf8");
const after = before.replace(
  /(<!-- table: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g,
  (_whole, start, name, end) => `${start}${tables[name]()}\n${end}`,
);

if (!process.argv.includes("--check")) writeFileSync(file, after);
else if (before !== after) {
  process.stderr.write("README.md is not what the code says: run `npm run readme`.\n");
  process.exitCode = 1;
}
