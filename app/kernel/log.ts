/**
 * What the house may say about itself. Structured, one event a line; never a query string, a token, a name or a photo.
 * The adapter decides where it goes.
 */
export type Log = {
  info(event: string, facts?: LogFacts): void;
  warn(event: string, facts?: LogFacts): void;
  /** Something that a person should look at. */
  error(event: string, facts?: LogFacts & { error?: unknown }): void;
};

export type LogFacts = Record<string, unknown>;
