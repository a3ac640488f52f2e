import type { ActionFunctionArgs } from "@remix-run/node";
import { onceForKey } from "#app/http/once-for-key.ts";
import type { House } from "#app/house.ts";
import { photoJson } from "#app/http/portrait-json.ts";
import { json } from "#app/http/respond.ts";
import { closedDoor, storefrontDoor, type StorefrontCall } from "#app/http/storefront-door.ts";
import type { ForgetAnswer, PhotoAnswer } from "#app/http/storefront-api.ts";
import { ownersOf } from "#app/kernel/shopper.ts";
import { photoEmpty, photoTooLarge } from "#app/photos/errors.ts";

/** POST photos: the image bytes. DELETE photos: forget me. */
export const action = ({ request, context: { house } }: ActionFunctionArgs): Promise<Response> => {
  if (request.method === "POST") return storefrontDoor(house, request, (call) => takePhoto(house, request, call));
  if (request.method === "DELETE") return storefrontDoor(house, request, (call) => forgetMe(house, call));
  return closedDoor(house, request, 405);
};

async function takePhoto(house: House, request: Request, call: StorefrontCall): Promise<Response> {
  const { maxBytes } = house.photos.limits;
  if (Number(request.headers.get("Content-Length") ?? 0) > maxBytes) throw photoTooLarge(maxBytes);
  if (request.body === null) throw photoEmpty();
  const upload = await house.uploads.receive(request.body, { maxBytes });
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

async function forgetMe(house: House, { shopper }: StorefrontCall): Promise<Response> {
  const receipt = await house.privacy.forgetShopper({ shop: shopper.shop, shoppers: ownersOf(shopper) });
  const body: ForgetAnswer = { receipt };
  return json(body);
}
