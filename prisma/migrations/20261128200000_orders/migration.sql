-- Orders: which portraits are bought, and the lines that say so.
-- AlterTable
ALTER TABLE "Portrait" ADD COLUMN     "orderedAt" TIMESTAMP(3),
ADD COLUMN     "queuedAt" TIMESTAMP(3),
ADD COLUMN     "tries" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "OrderLine" (
    "shop" TEXT NOT NULL,
    "orderId" TEXT NOT NULL,
    "lineId" TEXT NOT NULL,
    "orderName" TEXT NOT NULL,
    "portraitId" TEXT NOT NULL,
    "orderedAt" TIMESTAMP(3) NOT NULL,
    "keptAt" TIMESTAMP(3),

    CONSTRAINT "OrderLine_pkey" PRIMARY KEY ("shop","orderId","lineId")
);

-- CreateIndex
CREATE INDEX "OrderLine_portraitId_idx" ON "OrderLine"("portraitId");

-- CreateIndex
CREATE INDEX "OrderLine_keptAt_orderedAt_idx" ON "OrderLine"("keptAt", "orderedAt");

-- CreateIndex
CREATE INDEX "Portrait_status_orderedAt_idx" ON "Portrait"("status", "orderedAt");

-- AddForeignKey
ALTER TABLE "OrderLine" ADD CONSTRAINT "OrderLine_portraitId_fkey" FOREIGN KEY ("portraitId") REFERENCES "Portrait"("id") ON DELETE CASCADE ON UPDATE CASCADE;

