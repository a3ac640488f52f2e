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
  names?: string[];
  flags?: Flag[];
  /** Given on standard input, and never shown. */
  input?: () => string;
};

/** A flag is given by its name alone, or with a value, or with a file whose content is written for it. */
export type Flag = string | [name: string, value: string] | [name: string, file: { content: unknown }];

export const flagName = (flag: Flag): string => (typeof flag === "string" ? flag : flag[0]);

/** The command's arguments for a process. `fileFor` puts content into a file and says where. */
export function argumentsOf(gcloud: Gcloud, fileFor: (content: unknown) => string): string[] {
  const flags = (gcloud.flags ?? []).map((flag) => {
    if (typeof flag === "string") return flag;
    const [name, value] = flag;
    return `${name}=${typeof value === "string" ? value : fileFor(value.content)}`;
  });
  return [...gcloud.command.split(" "), ...(gcloud.names ?? []), ...flags];
}

/** A line for a person, which a shell would take as well; what is secret is left out. */
export function lineOf(gcloud: Gcloud): string {
  const words = argumentsOf(gcloud, (content) => `<(echo ${quoted(JSON.stringify(content))})`);
  const line = ["gcloud", ...words.map((word) => (word.includes("<(") ? word : quoted(word)))].join(" ");
  return gcloud.input === undefined ? line : `${line}  # the value comes on standard input`;
}

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
