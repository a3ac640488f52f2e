/**
 * How many retries a process may make, as a share of its first tries: each first try puts in a fifth of a retry and each
 * retry takes a whole one out. When a provider fails a call in ten this is never felt; when it is down, retries stop being
 * made long before they become the load that keeps it down (Google SRE book, chapter 21, with 20 % in the place of 10 %:
 * at a tenth of failures, 11 % of calls are retries in the normal case).
 */
export type RetryBudget = {
  /** Counts a first try. */
  firstTry(): void;
  /** @returns whether there is a retry left, which is then taken */
  takeRetry(): boolean;
};

/**
 * @param share - retries for a first try
 * @param saved - retries that are there at the start and that can be saved up, so that a quiet shop has some
 */
export function createRetryBudget({ share = 0.2, saved = 10 } = {}): RetryBudget {
  let left = saved;
  return Object.freeze({
    firstTry() {
      left = Math.min(saved, left + share);
    },
    takeRetry() {
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  });
}
