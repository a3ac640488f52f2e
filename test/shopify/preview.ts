import { fileURLToPath } from "node:url";
import { runPreview } from "./run-preview.ts";

/** `npm run preview`, after everything has been generated and built; with `--google` on stand-ins for Google's parts. */
const appEntry = fileURLToPath(new URL("../../app/server.ts", import.meta.url));
const unknown = process.argv.slice(2).filter((argument) => argument !== "--google");
if (unknown.length > 0) {
  process.stderr.write(`The preview does not know ${unknown.join(" ")}; it knows --google.\n`);
  process.exit(2);
}
const google = process.argv.includes("--google");
const code = await runPreview({ appEntry, environment: process.env, google });
process.exit(code);
