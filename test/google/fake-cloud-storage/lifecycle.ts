/** Lifecycle rules as Cloud Storage reads them, for asking what they would do; nothing here ever does it. */
export type LifecycleRule = {
  action: { type: string };
  condition: {
    /** Days since the object was made. */
    age?: number;
    /** `YYYY-MM-DD` */
    createdBefore?: string;
    customTimeBefore?: string;
    /** Says nothing of an object without a custom time. */
    daysSinceCustomTime?: number;
    matchesPrefix?: string[];
    matchesSuffix?: string[];
  };
};

type Dated = { name: string; timeCreated: string; customTime?: string };

const dayMs = 24 * 60 * 60 * 1000;

/** @throws Error for a condition that it does not know, so that no rule is believed to be tested which is not */
export function dueObjects(rules: LifecycleRule[], objects: Dated[], atMs: number): string[] {
  const deletions = rules.filter(({ action }) => action.type === "Delete");
  return objects
    .filter((object) => deletions.some(({ condition }) => holds(condition, object, atMs)))
    .map(({ name }) => name);
}

function holds(condition: LifecycleRule["condition"], object: Dated, atMs: number): boolean {
  const entries = Object.entries(condition);
  if (entries.length === 0) throw new Error("a lifecycle rule needs a condition");
  return entries.every(([name, wanted]) => {
    const check = checks[name as keyof typeof checks] as
      ((wanted: unknown, object: Dated, atMs: number) => boolean) | undefined;
    if (check === undefined) throw new Error(`this fake does not know the lifecycle condition ${name}`);
    return check(wanted, object, atMs);
  });
}

const checks = {
  age: (days: number, { timeCreated }: Dated, atMs: number) => atMs - Date.parse(timeCreated) >= days * dayMs,
  createdBefore: (day: string, { timeCreated }: Dated) => Date.parse(timeCreated) < Date.parse(day),
  customTimeBefore: (day: string, { customTime }: Dated) =>
    customTime !== undefined && Date.parse(customTime) < Date.parse(day),
  daysSinceCustomTime: (days: number, { customTime }: Dated, atMs: number) =>
    customTime !== undefined && atMs - Date.parse(customTime) >= days * dayMs,
  matchesPrefix: (prefixes: string[], { name }: Dated) => prefixes.some((prefix) => name.startsWith(prefix)),
  matchesSuffix: (suffixes: string[], { name }: Dated) => suffixes.some((suffix) => name.endsWith(suffix)),
};
