/** Sentences by their key in the locale files (`script`). */
export type Sentences = Record<string, string>;

/** A language's sentences, as the build makes them of its locale file: the studio's own come this way. */
export type WordsModule = { default: Sentences };

/** Every string that the studio shows. */
export type Words = {
  say(key: string, values?: Record<string, string>): string;
  /** Empty where there is no such string. */
  maybe(key: string): string;
  /** As the page says it, `en` or `pt-BR`. */
  language: string;
  /** A moment in the shopper's own clock: the hour today, with the day where it is another, the date where that is far. */
  time(iso: string, nowMs: number): string;
  number(value: number): string;
  seconds(ms: number): string;
};

/** A missing string shows its key, which a test would see and a shopper survives. */
export function createWords(sentences: Sentences, language: string): Words {
  const say = (key: string, values: Record<string, string> = {}) =>
    (sentences[key] ?? key).replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
  return Object.freeze({
    say,
    language,
    maybe: (key: string) => sentences[key] ?? "",
    number: (value: number) => new Intl.NumberFormat(language).format(value),
    seconds: (ms: number) =>
      new Intl.NumberFormat(language, { style: "unit", unit: "second", unitDisplay: "long" }).format(
        Math.ceil(ms / 1000),
      ),
    time(iso: string, nowMs: number) {
      const moment = new Date(iso);
      const isToday = moment.toDateString() === new Date(nowMs).toDateString();
      if (moment.getTime() - nowMs > 6 * 86_400_000)
        return new Intl.DateTimeFormat(language, { day: "numeric", month: "long" }).format(moment);
      const day = isToday ? {} : ({ weekday: "long" } as const);
      return new Intl.DateTimeFormat(language, { ...day, hour: "numeric", minute: "2-digit" }).format(moment);
    },
  });
}
