import type { StorageRequest } from "./wire.ts";

/** Trouble by script: each fault waits for requests that it fits and strikes as often as it was told to. */
export type Fault =
  /** Answers with that status and does nothing. */
  | { kind: "status"; status: number; retryAfterSeconds?: number; message?: string }
  /** Does the work, after a wait. */
  | { kind: "delay"; ms: number }
  /** Closes the connection and does nothing. */
  | { kind: "reset-before" }
  /** Does the work and closes the connection: the reply is lost. */
  | { kind: "reset-after" }
  /** Takes the work with one bit of the request's body turned. */
  | { kind: "garble" }
  /** Sends the head and that part of the body, then closes the connection. */
  | { kind: "cut-body"; afterBytes: number }
  /** Sends the whole length with one bit turned. */
  | { kind: "flip-bit" }
  /** Does the work and tells a wrong md5 of it. */
  | { kind: "wrong-md5" };

export type FaultMatch = {
  method?: string;
  /** In the decoded path. */
  path?: RegExp;
  query?: Record<string, string>;
};

export type Faults = {
  /** Strikes the next `times` requests that match; first come, first served. */
  add(fault: Fault, match?: FaultMatch, times?: number): void;
  clear(): void;
  /** The fault for this request, which is then used up by one. */
  take(request: StorageRequest): Fault | undefined;
};

export function createFaults(): Faults {
  const waiting: { fault: Fault; match: FaultMatch; left: number }[] = [];
  return {
    add: (fault, match = {}, times = 1) => void waiting.push({ fault, match, left: times }),
    clear: () => void waiting.splice(0),
    take(request) {
      const found = waiting.find(({ match, left }) => left > 0 && fits(match, request));
      if (found === undefined) return undefined;
      found.left -= 1;
      return found.fault;
    },
  };
}

function fits({ method, path, query }: FaultMatch, request: StorageRequest): boolean {
  if (method !== undefined && method !== request.method) return false;
  if (path !== undefined && !path.test(request.path)) return false;
  return Object.entries(query ?? {}).every(([name, value]) => request.query.get(name) === value);
}
