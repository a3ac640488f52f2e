-- CreateTable
CREATE TABLE "BudgetDay" (
    "shop" TEXT NOT NULL,
    "day" TEXT NOT NULL,
    "settledMicroUsd" BIGINT NOT NULL,
    "told" TEXT[] DEFAULT ARRAY[]::TEXT[],

    CONSTRAINT "BudgetDay_pkey" PRIMARY KEY ("shop","day")
);

-- CreateIndex
CREATE INDEX "BudgetEntry_state_leaseExpiresAt_idx" ON "BudgetEntry"("state", "leaseExpiresAt");

-- The days that have been: of each shop, and of all shops together.
INSERT INTO "BudgetDay" ("shop", "day", "settledMicroUsd")
SELECT "shop", "day", sum("settledMicroUsd") FROM "BudgetEntry" WHERE "state" = 'settled' GROUP BY "shop", "day";

INSERT INTO "BudgetDay" ("shop", "day", "settledMicroUsd")
SELECT '*', "day", sum("settledMicroUsd") FROM "BudgetEntry" WHERE "state" = 'settled' GROUP BY "day";

-- What is settled now bears the moment at which it was, by which it is swept; until now it bore none.
UPDATE "BudgetEntry" SET "leaseExpiresAt" = "day"::date + 1 WHERE "state" = 'settled';
