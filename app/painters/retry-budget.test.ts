import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRetryBudget } from "./retry-budget.ts";

describe("the budget for retries", () => {
  it("gives a fifth of a retry for each first try, whatever is asked of it", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { size: "max", minLength: 50, maxLength: 2_000 }), (tries) => {
        const budget = createRetryBudget({ share: 0.2, saved: 10 });
        let [firsts, retries] = [0, 0];
        for (const isRetry of tries) {
          if (isRetry) retries += budget.takeRetry() ? 1 : 0;
          else {
            budget.firstTry();
            firsts += 1;
          }
        }
        expect(retries).toBeLessThanOrEqual(10 + firsts * 0.2);
      }),
    );
  });

  it("is never felt where a call in ten fails", () => {
    const budget = createRetryBudget();
    for (let call = 1; call <= 10_000; call++) {
      budget.firstTry();
      if (call % 10 === 0) expect(budget.takeRetry()).toBe(true);
    }
  });
});
