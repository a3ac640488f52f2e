/**
 * What the doctor says of one thing: how it is, what was seen, and what to do about it. A check never repairs anything and
 * leaves nothing behind where it has looked.
 */
export type Finding = Looked & { name: string };

export type Looked =
  | { state: "ok" | "skipped"; said: string }
  | {
      /** `failed`: shoppers or merchants meet it. `warning`: they will, or nobody could find out. */
      state: "warning" | "failed";
      said: string;
      toDo: string;
    };

export type Check = {
  name: string;
  /** Whatever it throws is a failed finding; the signal ends it at its deadline. */
  look(signal: AbortSignal): Promise<Looked>;
};

export const ok = (said: string): Looked => ({ state: "ok", said });
export const skipped = (said: string): Looked => ({ state: "skipped", said });
export const warning = (said: string, toDo: string): Looked => ({ state: "warning", said, toDo });
export const failed = (said: string, toDo: string): Looked => ({ state: "failed", said, toDo });

/** How many there are of each. */
export const countOf = (findings: Finding[]): Record<Finding["state"], number> => {
  const count = { ok: 0, warning: 0, failed: 0, skipped: 0 };
  for (const { state } of findings) count[state]++;
  return count;
};
