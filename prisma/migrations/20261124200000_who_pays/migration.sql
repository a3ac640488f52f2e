-- Who pays for a picture is written down before they are charged: one portrait for each picture.
ALTER TABLE "Portrait" ADD COLUMN     "paysFor" TEXT;

-- CreateIndex
CREATE UNIQUE INDEX "Portrait_shop_paysFor_key" ON "Portrait"("shop", "paysFor");
