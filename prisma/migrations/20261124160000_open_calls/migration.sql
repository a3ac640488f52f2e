-- A call is paid from the budget of the day on which its portrait was wished for.
ALTER TABLE "Attempt" ADD COLUMN     "budgetDay" TEXT;

-- Calls that were begun and have not ended are looked for every minute.
CREATE INDEX "Attempt_outcome_startedAt_idx" ON "Attempt"("outcome", "startedAt");
