/**
 * One thing that must be so in the project. A step can be taken any number of times: it looks first, makes what is
 * missing, and then sets what may have been changed since.
 */
export type Step = {
  name: string;
  /** Whether it is there. Without it, `settle` alone does the step. */
  look?: Look;
  /** Runs where it is not there. */
  make?: Gcloud[];
  /** Runs every time; the same again changes nothing. */
  settle?: Gcloud[];
};

export type Look = {
  command: Gcloud;
  /** Where the command always succeeds: what its output has when the thing is there. */
  says?: string;
};

export type Gcloud = {
  /** `storage buckets create` */
  command: string;
  /** What the command is about, before its flags. */
  names?: (string | Kept)[];
  flags?: Flag[];
  /** Given on standard input, and never shown. */
  input?: () => string;
  /** Names for the columns of what it prints, for commands after it. */
  keeps?: string[];
  /** It is tried again for minutes while its error says this: what it needs has been made and is not known everywhere. */
  triedAgainWhile?: string;
};

/** What earlier commands have printed under these names: for names that Google gives, and that nobody knows before. */
export type Kept = { kept: string[] };

/**
 * A flag is given by its name alone, or with a value, or with a file whose content is written for it, or with what was
 * kept, where it is left out when there is nothing.
 */
export type Flag = string | [name: string, value: string | Kept | { content: unknown }];

export const flagName = (flag: Flag): string => (typeof flag === "string" ? flag : flag[0]);

type Filling = {
  /** Puts content into a file and says where. */
  fileFor(content: unknown): string;
  valueOf(kept: string[]): string;
};

/** The command's arguments for a process. */
export function argumentsOf(gcloud: Gcloud, { fileFor, valueOf }: Filling): string[] {
  const names = (gcloud.names ?? []).map((name) => (typeof name === "string" ? name : valueOf(name.kept)));
  const flags = (gcloud.flags ?? []).flatMap((flag) => {
    if (typeof flag === "string") return [flag];
    const [name, value] = flag;
    if (typeof value === "string") return [`${name}=${value}`];
    if ("content" in value) return [`${name}=${fileFor(value.content)}`];
    const kept = valueOf(value.kept);
    return kept === "" ? [] : [`${name}=${kept}`];
  });
  return [...gcloud.command.split(" "), ...names, ...flags];
}

/** A line for a person, which bash would take as well; what is secret is left out. */
export function lineOf(gcloud: Gcloud): string {
  const words = argumentsOf(gcloud, {
    fileFor: (content) => `<(echo ${quoted(JSON.stringify(content))})`,
    valueOf: (kept) => kept.map((name) => `$${name}`).join(","),
  });
  const line = ["gcloud", ...words.map(shown)].join(" ");
  if (gcloud.keeps !== undefined) return `read -r ${gcloud.keeps.join(" ")} < <(${line})`;
  return gcloud.input === undefined ? line : `${line}  # the value comes on standard input`;
}

const shown = (word: string): string => {
  if (word.includes("<(")) return word;
  return /^(--[a-z-]+=)?\$[A-Z_]+(,\$[A-Z_]+)*$/.test(word) ? `"${word}"` : quoted(word);
};
const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
