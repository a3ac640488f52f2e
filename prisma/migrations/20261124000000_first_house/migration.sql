-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "Session" (
    "id" TEXT NOT NULL,
    "shop" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "isOnline" BOOLEAN NOT NULL DEFAULT false,
    "scope" TEXT,
    "expires" TIMESTAMP(3),
    "accessToken" TEXT NOT NULL,
    "userId" BIGINT,
    "firstName" TEXT,
    "lastName" TEXT,
    "email" TEXT,
    "accountOwner" BOOLEAN NOT NULL DEFAULT false,
    "locale" TEXT,
    "collaborator" BOOLEAN DEFAULT false,
    "emailVerified" BOOLEAN DEFAULT false,
    "refreshToken" TEXT,
    "refreshTokenExpires" TIMESTAMP(3),

    CONSTRAINT "Session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Shop" (
    "shop" TEXT NOT NULL,
    "secret" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "uninstalledAt" TIMESTAMP(3),

    CONSTRAINT "Shop_pkey" PRIMARY KEY ("shop")
);

-- CreateTable
CREATE TABLE "Photo" (
    "id" TEXT NOT NULL,
    "shop" TEXT NOT NULL,
    "shopper" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "objectName" TEXT NOT NULL,
    "width" INTEGER NOT NULL,
    "height" INTEGER NOT NULL,
    "bytes" INTEGER NOT NULL,
    "notices" JSONB NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Photo_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "PhotoAlias" (
    "shop" TEXT NOT NULL,
    "shopper" TEXT NOT NULL,
    "sourceSha256" TEXT NOT NULL,
    "photoId" TEXT NOT NULL,

    CONSTRAINT "PhotoAlias_pkey" PRIMARY KEY ("shop","shopper","sourceSha256")
);

-- CreateTable
CREATE TABLE "Portrait" (
    "id" TEXT NOT NULL,
    "shop" TEXT NOT NULL,
    "shopper" TEXT NOT NULL,
    "session" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "photos" JSONB NOT NULL,
    "style" TEXT NOT NULL,
    "styleRevision" INTEGER NOT NULL,
    "take" INTEGER NOT NULL,
    "painter" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "stage" TEXT,
    "cached" BOOLEAN NOT NULL DEFAULT false,
    "backgroundKept" BOOLEAN NOT NULL DEFAULT false,
    "imageToken" TEXT,
    "objectName" TEXT,
    "width" INTEGER,
    "height" INTEGER,
    "contentType" TEXT,
    "errorCode" TEXT,
    "errorMessage" TEXT,
    "errorRetryable" BOOLEAN,
    "reserved" JSONB,
    "activeKey" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "startedAt" TIMESTAMP(3),
    "finishedAt" TIMESTAMP(3),
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "hiddenAt" TIMESTAMP(3),

    CONSTRAINT "Portrait_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "QuotaEntry" (
    "shop" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "tier" TEXT NOT NULL,
    "window" TEXT NOT NULL,
    "requestId" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "reservedAt" TIMESTAMP(3) NOT NULL,
    "leaseExpiresAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "QuotaEntry_pkey" PRIMARY KEY ("shop","subject","tier","window","requestId")
);

-- CreateTable
CREATE TABLE "Attempt" (
    "id" TEXT NOT NULL,
    "shop" TEXT NOT NULL,
    "portraitKey" TEXT NOT NULL,
    "style" TEXT NOT NULL,
    "painter" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "errorCode" TEXT,
    "tokensInput" INTEGER,
    "tokensOutput" INTEGER,
    "tokensThinking" INTEGER,
    "priceTable" TEXT NOT NULL,
    "costMicroUsd" BIGINT NOT NULL DEFAULT 0,
    "finishReason" TEXT,
    "providerRequestId" TEXT,
    "startedAt" TIMESTAMP(3) NOT NULL,
    "endedAt" TIMESTAMP(3),
    "latencyMs" INTEGER,

    CONSTRAINT "Attempt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "BudgetEntry" (
    "shop" TEXT NOT NULL,
    "day" TEXT NOT NULL,
    "requestId" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "reservedMicroUsd" BIGINT NOT NULL,
    "settledMicroUsd" BIGINT NOT NULL DEFAULT 0,
    "leaseExpiresAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "BudgetEntry_pkey" PRIMARY KEY ("shop","day","requestId")
);

-- CreateTable
CREATE TABLE "IdempotentAnswer" (
    "shop" TEXT NOT NULL,
    "shopper" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "status" INTEGER,
    "body" JSONB,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "IdempotentAnswer_pkey" PRIMARY KEY ("shop","shopper","key")
);

-- CreateTable
CREATE TABLE "StorefrontEvent" (
    "id" TEXT NOT NULL,
    "shop" TEXT NOT NULL,
    "shopper" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "portraitId" TEXT,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "StorefrontEvent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "WebhookDelivery" (
    "id" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "shop" TEXT NOT NULL,
    "receivedAt" TIMESTAMP(3) NOT NULL,
    "settledAt" TIMESTAMP(3),

    CONSTRAINT "WebhookDelivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "PrivacyRequest" (
    "id" TEXT NOT NULL,
    "shop" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "shopper" TEXT,
    "receivedAt" TIMESTAMP(3) NOT NULL,
    "completedAt" TIMESTAMP(3),
    "receipt" JSONB,

    CONSTRAINT "PrivacyRequest_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Session_shop_idx" ON "Session"("shop");

-- CreateIndex
CREATE INDEX "Photo_shop_objectName_idx" ON "Photo"("shop", "objectName");

-- CreateIndex
CREATE INDEX "Photo_expiresAt_idx" ON "Photo"("expiresAt");

-- CreateIndex
CREATE UNIQUE INDEX "Photo_shop_shopper_sha256_key" ON "Photo"("shop", "shopper", "sha256");

-- CreateIndex
CREATE INDEX "PhotoAlias_photoId_idx" ON "PhotoAlias"("photoId");

-- CreateIndex
CREATE UNIQUE INDEX "Portrait_imageToken_key" ON "Portrait"("imageToken");

-- CreateIndex
CREATE INDEX "Portrait_shop_key_idx" ON "Portrait"("shop", "key");

-- CreateIndex
CREATE INDEX "Portrait_shop_objectName_idx" ON "Portrait"("shop", "objectName");

-- CreateIndex
CREATE INDEX "Portrait_shop_finishedAt_idx" ON "Portrait"("shop", "finishedAt");

-- CreateIndex
CREATE INDEX "Portrait_shop_shopper_createdAt_idx" ON "Portrait"("shop", "shopper", "createdAt" DESC);

-- CreateIndex
CREATE INDEX "Portrait_shop_createdAt_idx" ON "Portrait"("shop", "createdAt" DESC);

-- CreateIndex
CREATE INDEX "Portrait_status_createdAt_idx" ON "Portrait"("status", "createdAt");

-- CreateIndex
CREATE INDEX "Portrait_expiresAt_idx" ON "Portrait"("expiresAt");

-- CreateIndex
CREATE UNIQUE INDEX "Portrait_shop_shopper_activeKey_key" ON "Portrait"("shop", "shopper", "activeKey");

-- CreateIndex
CREATE INDEX "QuotaEntry_reservedAt_idx" ON "QuotaEntry"("reservedAt");

-- CreateIndex
CREATE INDEX "Attempt_shop_startedAt_idx" ON "Attempt"("shop", "startedAt" DESC);

-- CreateIndex
CREATE INDEX "Attempt_painter_model_outcome_endedAt_idx" ON "Attempt"("painter", "model", "outcome", "endedAt" DESC);

-- CreateIndex
CREATE INDEX "Attempt_portraitKey_idx" ON "Attempt"("portraitKey");

-- CreateIndex
CREATE INDEX "IdempotentAnswer_expiresAt_idx" ON "IdempotentAnswer"("expiresAt");

-- CreateIndex
CREATE INDEX "StorefrontEvent_shop_name_at_idx" ON "StorefrontEvent"("shop", "name", "at");

-- CreateIndex
CREATE INDEX "StorefrontEvent_at_idx" ON "StorefrontEvent"("at");

-- CreateIndex
CREATE INDEX "StorefrontEvent_shop_shopper_idx" ON "StorefrontEvent"("shop", "shopper");

-- CreateIndex
CREATE INDEX "WebhookDelivery_receivedAt_idx" ON "WebhookDelivery"("receivedAt");

-- CreateIndex
CREATE INDEX "PrivacyRequest_shop_receivedAt_idx" ON "PrivacyRequest"("shop", "receivedAt" DESC);

-- AddForeignKey
ALTER TABLE "PhotoAlias" ADD CONSTRAINT "PhotoAlias_photoId_fkey" FOREIGN KEY ("photoId") REFERENCES "Photo"("id") ON DELETE CASCADE ON UPDATE CASCADE;

