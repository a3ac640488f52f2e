import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { onceForKey } from "#app/http/once-for-key.ts";
import { readJson } from "#app/http/read-json.ts";
import type { House } from "#app/house.ts";
import { portraitJson, quotaJson } from "#app/http/portrait-json.ts";
import { errorResponse, json } from "#app/http/respond.ts";
import {
  portraitRequestSchema,
  type PortraitAnswer,
  type PortraitListAnswer,
  type PortraitRequest,
} from "#app/http/storefront-api.ts";
import { closedDoor, costlyDoor, storefrontDoor, type StorefrontCall } from "#app/http/storefront-door.ts";
import { parseBody } from "#app/http/parse-body.ts";
import { isAppError } from "#app/kernel/errors.ts";
import type { PortraitRecord } from "#app/portraits/portrait-records.ts";
import type { PortraitWish } from "#app/portraits/request-portrait.ts";

/** GET portraits: this shopper's, newest first. */
export const loader = ({ request, context: { house } }: LoaderFunctionArgs): Promise<Response> =>
  storefrontDoor(house, request, async ({ shopper }) => {
    const portraits = await house.portraits.list(shopper);
    const body: PortraitListAnswer = {
      portraits: await Promise.all(portraits.map((portrait) => shown(house, portrait))),
    };
    return json(body);
  });

/** POST portraits: paint this photo in this style, or find it painted. */
export const action = ({ request, context: { house } }: ActionFunctionArgs): Promise<Response> => {
  if (request.method !== "POST") return closedDoor(house, request, 405);
  return costlyDoor(house, request, (call) => requestPortrait(house, request, call));
};

const statusOf = { ready: 200, accepted: 202, pending: 201 } as const;

async function requestPortrait(house: House, request: Request, call: StorefrontCall): Promise<Response> {
  const { value, sha256 } = await readJson(request);
  const answer = onceForKey(house, call, sha256, async () => {
    const wish = wishFrom(parseBody(portraitRequestSchema, value));
    const { portrait, outcome } = await house.portraits.request(call.shopper, wish);
    const body: PortraitAnswer = { portrait: await shown(house, portrait) };
    return { status: statusOf[outcome], body };
  });
  return answer.catch((error: unknown) => refused(house, call, error));
}

/** A shopper whose portraits are used up is told how they stand. */
async function refused(house: House, { shopper }: StorefrontCall, error: unknown): Promise<Response> {
  if (!isAppError(error) || error.kind !== "exhausted") throw error;
  const quota = quotaJson(await house.quota(shopper));
  return errorResponse(error, { log: house.log, nowMs: house.clock.nowMs(), quota });
}

async function shown(house: House, portrait: PortraitRecord) {
  return portraitJson(portrait, {
    pictures: house.config,
    estimateMs: await house.portraits.estimateMs(portrait),
  });
}

function wishFrom({ photos, ...rest }: PortraitRequest): PortraitWish {
  return {
    ...rest,
    photos: photos.map((photo) =>
      "id" in photo
        ? { photoId: photo.id, crop: photo.crop ?? null }
        : { sourceSha256: photo.source_sha256, crop: photo.crop ?? null },
    ),
  };
}
