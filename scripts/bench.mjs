import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ensureBuild, ensureDependencies, ownNode, root } from "./setup.mjs";

/**
 * `npm run bench`: measures what the docs give figures for; `npm run bench -- painting`, `-- miss`, `-- page` or `-- peers`
 * one of them. The last one fetches other libraries from the npm registry.
 */
ensureDependencies();
ensureBuild();
const { status } = spawnSync(ownNode, [join(root, "test/bench/bench.ts"), ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
});
process.exit(status ?? 1);
