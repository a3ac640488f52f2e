import { sendForm } from "./send-form.ts";

/** The browser's network, clock and chance in one place: whatever is not pure takes them from here, tests hand in theirs. */
export type Surroundings = {
  fetch(url: string, init: RequestInit): Promise<Response>;
  sendForm: typeof sendForm;
  now(): number;
  /** Rejects when the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
  /** From 0 up to 1, for jitter. */
  random(): number;
  newKey(): string;
  isOffline(): boolean;
};

export const now = () => Date.now();

export const browserSurroundings: Surroundings = /* @__PURE__ */ Object.freeze({
  fetch: (url: string, init: RequestInit) => fetch(url, init),
  sendForm,
  now,
  wait: (ms: number, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      signal.throwIfAborted();
      const timer = setTimeout(resolve, ms);
      signal.addEventListener("abort", () => (clearTimeout(timer), reject(new DOMException("Aborted", "AbortError"))), {
        once: true,
      });
    }),
  random: () => Math.random(),
  newKey: () =>
    [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join(""),
  isOffline: () => navigator.onLine === false,
});

/** Undefined where the browser forbids it; reading the property alone can throw. */
export function browserDatabases(): IDBFactory | undefined {
  try {
    return window.indexedDB;
  } catch {
    return undefined;
  }
}
