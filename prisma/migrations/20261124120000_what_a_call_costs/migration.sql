-- AlterTable
ALTER TABLE "Attempt" DROP COLUMN "tokensInput",
DROP COLUMN "tokensOutput",
ADD COLUMN     "billing" TEXT,
ADD COLUMN     "highestMicroUsd" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "tokensInputImage" INTEGER,
ADD COLUMN     "tokensInputText" INTEGER,
ADD COLUMN     "tokensOutputImage" INTEGER,
ADD COLUMN     "tokensOutputText" INTEGER,
ADD COLUMN     "wording" TEXT NOT NULL DEFAULT 'usual';

-- CreateIndex
CREATE INDEX "Attempt_painter_startedAt_idx" ON "Attempt"("painter", "startedAt");

-- AlterTable
ALTER TABLE "Portrait" ADD COLUMN     "cutoutBy" TEXT;
