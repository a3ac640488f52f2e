import type { ActionFunctionArgs } from "@remix-run/node";
import { onceForKey } from "#app/http/once-for-key.ts";
import type { House } from "#app/house.ts";
import { photoJson } from "#app/http/portrait-json.ts";
import { json } from "#app/http/respond.ts";
import { closedDoor, costlyDoor, storefrontDoor, type StorefrontCall } from "#app/http/storefront-door.ts";
import type { ForgetAnswer, PhotoAnswer } from "#app/http/storefront-api.ts";
import { ownersOf } from "#app/kernel/shopper.ts";
import { photoEmpty } from "#app/photos/errors.ts";

/** POST photos: the image bytes. DELETE photos: forget me. */
export const action = ({ request, context: { house } }: ActionFunctionArgs): Promise<Response> => {
  if (request.method === "POST") return costlyDoor(house, request, (call) => takePhoto(house, request, call));
  if (request.method === "DELETE") return storefrontDoor(house, request, (call) => forgetMe(house, call));
  return closedDoor(house, request, 405);
};

async function takePhoto(house: House, request: Request, call: StorefrontCall): Promise<Response> {
  if (request.body === null) throw photoEmpty();
  const upload = await house.uploads.receive(request.body, {
    shopper: call.shopper,
    declaredBytes: declaredBytes(request),
    maxBytes: house.photos.limits.maxBytes,
    from: "shopper",
  });
  try {
    return await onceForKey(house, call, upload.sha256, async () => {
      const { photo, isNew } = await house.photos.take(call.shopper, upload, { sourceSha256: call.sourceSha256 });
      const body: PhotoAnswer = { photo: photoJson(photo) };
      return { status: isNew ? 201 : 200, body };
    });
  } finally {
    await upload.discard();
  }
}

/** Null where a body comes in chunks of which nobody knows how many. */
function declaredBytes({ headers }: Request): number | null {
  const length = headers.get("Content-Length");
  return length === null ? null : Number(length);
}

async function forgetMe(house: House, { shopper }: StorefrontCall): Promise<Response> {
  const receipt = await house.privacy.forgetShopper({ shop: shopper.shop, shoppers: ownersOf(shopper) });
  const body: ForgetAnswer = { receipt };
  return json(body);
}
