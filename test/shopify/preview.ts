import { fileURLToPath } from "node:url";
import { runPreview } from "./run-preview.ts";

/** `npm run preview`, after everything has been generated and built. */
const appEntry = fileURLToPath(new URL("../../app/server.ts", import.meta.url));
const code = await runPreview({ appEntry, environment: process.env });
process.exit(code);
