import type { Prisma, PrismaClient } from "@prisma/client";
import type { IdempotentAnswers, KeyedRequest } from "#app/http/idempotent-answers.ts";

export function createPrismaIdempotentAnswers(prisma: PrismaClient): IdempotentAnswers {
  return Object.freeze({
    async claim(request, { nowMs, lapsesAfterMs, expiresAtMs }) {
      const row = { createdAt: new Date(nowMs), expiresAt: new Date(expiresAtMs) };
      const fresh = await prisma.idempotentAnswer.createMany({
        data: [{ ...request, ...row, state: "running" }],
        skipDuplicates: true,
      });
      if (fresh.count === 1) return { state: "claimed" };

      const before = await prisma.idempotentAnswer.findUnique({ where: unique(request) });
      if (before === null) return this.claim(request, { nowMs, lapsesAfterMs, expiresAtMs });
      const lapsed = {
        OR: [
          { expiresAt: { lte: new Date(nowMs) } },
          { state: "running", createdAt: { lte: new Date(nowMs - lapsesAfterMs) } },
        ],
      };
      const { fingerprint } = request;
      const retaken = await prisma.idempotentAnswer.updateMany({
        where: { ...named(request), ...lapsed },
        data: { ...row, fingerprint, state: "running" },
      });
      if (retaken.count === 1) return { state: "claimed" };
      if (before.fingerprint !== fingerprint) return { state: "other-request" };
      if (before.state === "running" || before.status === null) return { state: "running" };
      return { state: "answered", answer: { status: before.status, body: fromText(before.body) } };
    },

    async answer(request, { status, body }) {
      await prisma.idempotentAnswer.updateMany({
        where: { ...named(request), fingerprint: request.fingerprint },
        data: { state: "answered", status, body: JSON.stringify(body) },
      });
    },

    async release(request) {
      await prisma.idempotentAnswer.deleteMany({ where: { ...named(request), state: "running" } });
    },
  } satisfies IdempotentAnswers);
}

const named = ({ shop, shopper, key }: KeyedRequest) => ({ shop, shopper, key });
const unique = (request: KeyedRequest) => ({ shop_shopper_key: named(request) });

/** A body is kept as the text of its JSON: as a value the database would sort its fields, and the answer is another one. */
const fromText = (body: Prisma.JsonValue): unknown => JSON.parse(body as string);
