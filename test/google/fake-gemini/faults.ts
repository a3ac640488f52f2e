/**
 * What can go wrong with one call. Some faults are answers of the model, some are the network's, and those that happen
 * after the picture was made are on the bill.
 */
export type Fault =
  | {
      kind: "status";
      status: number;
      message?: string;
      /** Which limit a 429 is about. */
      limit?: "rate" | "spend" | "day";
      /** Why a 400 or 403, as in google.rpc.ErrorInfo. */
      reason?: string;
      retryInfo?: string;
      headers?: Record<string, string>;
      /** In the place of Google's own error body. */
      body?: string;
    }
  /** Works for so long before it answers; what follows is the answer. Milliseconds. */
  | { kind: "delay"; ms: number; then?: Fault }
  | { kind: "reset"; when: "before" | "after" }
  /** Half of the answer, then the end of the connection. */
  | { kind: "cut" }
  /** A byte now and then, for ever. Milliseconds between them. */
  | { kind: "trickle"; everyMs: number; status?: number }
  /** So many bytes, with or without saying how many. */
  | { kind: "flood"; bytes: number; announced?: boolean; status?: number }
  /** Status 200 with a body of any kind. */
  | { kind: "body"; body: string | Buffer; headers?: Record<string, string> }
  | { kind: "finish"; reason: string | null; text?: string; keepsPicture?: boolean }
  | { kind: "block"; reason: string }
  | { kind: "no candidates" }
  | { kind: "no parts" }
  | { kind: "text only"; text: string }
  /** Pictures among the thoughts; `only` flags the last one as a thought as well. */
  | { kind: "thoughts"; only?: boolean }
  | { kind: "picture"; what: "noise" | "truncated" | "tiny" | "wrong shape" | "jpeg" | "svg" | "empty" }
  | { kind: "retiring"; at: string }
  /** Changes what is reported and not what is billed. */
  | { kind: "usage"; change: (usage: Record<string, unknown>) => unknown }
  /** Changes the whole answer before it is sent. */
  | { kind: "answer"; change: (answer: Record<string, unknown>) => unknown };

export type Faults = {
  /** For the next calls, one each. */
  next(...faults: (Fault | undefined)[]): void;
  /** For every call from now on; undefined ends it. */
  always(fault: Fault | undefined): void;
  /** A share of the calls, 0 to 1, fails in the ways given: the same seed fails the same calls. */
  rate(share: number, options?: { seed?: number; of?: Fault[] }): void;
  /** Every so manieth call fails, in the ways given by turns: a share of calls without the luck of the dice. */
  every(number: number, of?: Fault[]): void;
};

/** What fails now and then in the normal course of things. */
export const usualFaults: Fault[] = [
  { kind: "status", status: 503, message: "The model is overloaded. Please try again later." },
  { kind: "status", status: 429, limit: "rate", retryInfo: "1s" },
  { kind: "status", status: 500, message: "An internal error has occurred." },
  { kind: "finish", reason: "NO_IMAGE" },
  { kind: "finish", reason: "IMAGE_OTHER" },
  { kind: "reset", when: "before" },
];

export function createFaults({ seed, failureRate }: { seed: number; failureRate: number }) {
  const queue: (Fault | undefined)[] = [];
  let constant: Fault | undefined;
  let chance = { share: failureRate, of: usualFaults, dice: diceFrom(seed) };
  const faults: Faults = {
    next: (...more) => void queue.push(...more),
    always: (fault) => (constant = fault),
    rate: (share, options = {}) =>
      (chance = { share, of: options.of ?? usualFaults, dice: diceFrom(options.seed ?? seed) }),
    every: (every, of = usualFaults) => void Object.assign(turns, { every, of, calls: 0 }),
  };
  const turns = { every: 0, of: usualFaults, calls: 0 };
  /** For the call that has just come in. */
  const take = (): Fault | undefined => {
    if (queue.length > 0) return queue.shift();
    if (constant !== undefined) return constant;
    turns.calls += 1;
    if (turns.every > 0 && turns.calls % turns.every === 0)
      return turns.of[(turns.calls / turns.every) % turns.of.length];
    if (chance.share === 0 || chance.dice() >= chance.share) return undefined;
    return chance.of[Math.floor(chance.dice() * chance.of.length)];
  };
  return { faults, take };
}

/** Numbers from 0 to 1 that a seed decides (a 32-bit xorshift with a multiplied start). */
export function diceFrom(seed: number): () => number {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000;
  };
}
