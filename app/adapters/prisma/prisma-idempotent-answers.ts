import type { Prisma, PrismaClient } from "@prisma/client";
import type { Claim, IdempotentAnswers, KeyedRequest } from "#app/http/idempotent-answers.ts";

type Row = NonNullable<Awaited<ReturnType<PrismaClient["idempotentAnswer"]["findUnique"]>>>;

export function createPrismaIdempotentAnswers(prisma: PrismaClient): IdempotentAnswers {
  const claim: IdempotentAnswers["claim"] = async (request, options) => {
    const { nowMs, lapsesAfterMs, expiresAtMs } = options;
    const row = { createdAt: new Date(nowMs), expiresAt: new Date(expiresAtMs), state: "running" };
    const lapsed = {
      OR: [
        { expiresAt: { lte: new Date(nowMs) } },
        { state: "running", createdAt: { lte: new Date(nowMs - lapsesAfterMs) } },
      ],
    };
    // Read first: most of those who ask are twins that wait, and one statement is all that they may cost.
    const before = await prisma.idempotentAnswer.findUnique({ where: { shop_shopper_key: named(request) } });
    const isLapsed =
      before !== null &&
      (before.expiresAt.getTime() <= nowMs ||
        (before.state === "running" && before.createdAt.getTime() <= nowMs - lapsesAfterMs));
    if (before !== null && !isLapsed) return stateOf(before, request);
    const { count } =
      before === null
        ? await prisma.idempotentAnswer.createMany({ data: [{ ...request, ...row }], skipDuplicates: true })
        : await prisma.idempotentAnswer.updateMany({
            where: { ...named(request), ...lapsed },
            data: { ...row, fingerprint: request.fingerprint },
          });
    // Where somebody was quicker, it is their claim that counts.
    return count === 1 ? { state: "claimed" } : claim(request, options);
  };

  return Object.freeze({
    claim,

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

function stateOf({ fingerprint, state, status, body }: Row, request: KeyedRequest): Claim {
  if (fingerprint !== request.fingerprint) return { state: "other-request" };
  if (state === "running" || status === null) return { state: "running" };
  return { state: "answered", answer: { status, body: fromText(body) } };
}

/** A body is kept as the text of its JSON: as a value the database would sort its fields, and the answer is another one. */
const fromText = (body: Prisma.JsonValue): unknown => JSON.parse(body as string);
