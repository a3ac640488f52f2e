import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * What the gcloud of this machine knows of its commands. It carries a tree of them for shells to complete from; flags of
 * resources are not in it, and are looked up in the command's own help, which takes seconds for each.
 */
export const hasGcloud = spawnSync("gcloud", ["--version"]).status === 0;

/** `alone`, `value`, or the only values that there are. */
export type FlagForm = "alone" | "value" | string[];

type CommandTree = {
  commands: Record<string, CommandTree>;
  flags: Record<string, "bool" | "value" | "dynamic" | string[]>;
};

export function createGcloudKnowledge(): { formOf(command: string, flag: string): FlagForm | undefined } {
  const tree = readTree();
  const helps = new Map<string, Map<string, FlagForm>>();
  return {
    formOf(command, flag) {
      if (everyCommands.has(flag)) return "value";
      const flags = command.split(" ").reduce<CommandTree | undefined>((at, word) => at?.commands[word], tree)?.flags;
      const inTree = flags?.[flag] ?? (flags?.[flag.replace(/^--no-/, "--")] === "bool" ? "bool" : undefined);
      if (inTree !== undefined) return inTree === "bool" ? "alone" : inTree === "dynamic" ? "value" : inTree;
      const help = helps.get(command) ?? readHelp(command);
      helps.set(command, help);
      return help.get(flag);
    },
  };
}

const everyCommands = new Set(["--project", "--format"]);

function readTree(): CommandTree {
  const root = execFileSync("gcloud", ["info", "--format=value(installation.sdk_root)"], { encoding: "utf8" }).trim();
  const file = join(root, "data/cli/gcloud_completions.py");
  if (!existsSync(file)) return { commands: {}, flags: {} };
  const text = readFileSync(file, "utf8");
  return JSON.parse(text.slice(text.indexOf("{"))) as CommandTree;
}

/** @throws where there is no such command */
function readHelp(command: string): Map<string, FlagForm> {
  const options = { encoding: "utf8", maxBuffer: 16 * 1024 * 1024 } as const;
  const help = execFileSync("gcloud", [...command.split(" "), "--help"], options);
  // Bold and underline of the terminal.
  const text = help.replaceAll(/\x1b\[[0-9;]*m|.\x08/g, "");
  const flags = new Map<string, FlagForm>();
  for (const [, no, name, value] of text.matchAll(/--(\[no-\])?([a-z][a-z0-9-]+)(=)?/g)) {
    // An example may leave the value out, or write it behind a blank.
    if (flags.get(`--${name}`) !== "value") flags.set(`--${name}`, value === undefined ? "alone" : "value");
    if (no !== undefined) flags.set(`--no-${name}`, "alone");
  }
  return flags;
}
