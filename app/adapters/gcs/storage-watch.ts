/**
 * What is known of Cloud Storage by all who ask it in this process: when it last answered anybody, and whether somebody has
 * just given it up. A request asks storage several times; given up once, it is not waited for again in the same one.
 */
export type StorageWatch = {
  /** It has answered somebody, with what was asked for or with a refusal that says something. */
  heard(): void;
  /** Somebody who began then has got nothing; where nobody else has either, it is silent for a moment. */
  gaveUp(begunMs: number): void;
  isSilent(): boolean;
  /** Until when it can be taken to be there, by what it answered last; of `performance.now()`. */
  speaksUntilMs(): number;
};

/** An answer is a sign of life for this long, milliseconds. */
const signOfLifeMs = 500;
/** What is silent is left alone for this long, milliseconds; then whoever comes tries again. */
const silentForMs = 1_000;

export function createStorageWatch(): StorageWatch {
  let heardAtMs = Number.NEGATIVE_INFINITY;
  let silentUntilMs = Number.NEGATIVE_INFINITY;
  return Object.freeze({
    heard() {
      heardAtMs = performance.now();
      silentUntilMs = heardAtMs;
    },
    gaveUp(begunMs: number) {
      if (heardAtMs < begunMs) silentUntilMs = performance.now() + silentForMs;
    },
    isSilent: () => performance.now() < silentUntilMs,
    speaksUntilMs: () => heardAtMs + signOfLifeMs,
  });
}
