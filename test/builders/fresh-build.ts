// @ts-expect-error A script in plain JavaScript: it runs before the project's own Node is there.
import * as setup from "../../scripts/setup.mjs";

/** For every project whose houses have doors: they are those of the build, which is made anew where its sources have changed. */
export default function buildWhereNeeded(): void {
  (setup as { ensureBuild(): void }).ensureBuild();
}
