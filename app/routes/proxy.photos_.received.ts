import type { ActionFunctionArgs } from "@remix-run/node";
import type { House } from "#app/house.ts";
import { onceForKey } from "#app/http/once-for-key.ts";
import { parseBody } from "#app/http/parse-body.ts";
import { photoJson } from "#app/http/portrait-json.ts";
import { readJson } from "#app/http/read-json.ts";
import { uploadReceivedSchema, type PhotoAnswer } from "#app/http/storefront-api.ts";
import { closedDoor, costlyDoor, notOffered, type StorefrontCall } from "#app/http/storefront-door.ts";

/** POST photos/received: the bytes lie in storage; takes them in as POST photos takes those that come through it. */
export const action = ({ request, context: { house } }: ActionFunctionArgs): Promise<Response> => {
  if (request.method !== "POST") return closedDoor(house, request, 405);
  return costlyDoor(house, request, (call) => receivePhoto(house, request, call));
};

async function receivePhoto(house: House, request: Request, call: StorefrontCall): Promise<Response> {
  const { direct } = house.photos;
  if (direct === undefined) throw notOffered();
  const { value, sha256 } = await readJson(request);
  return onceForKey(house, call, sha256, async () => {
    const { photo_id: photoId } = parseBody(uploadReceivedSchema, value);
    const { photo, isNew } = await direct.receive(call.shopper, photoId, { sourceSha256: call.sourceSha256 });
    const body: PhotoAnswer = { photo: photoJson(photo) };
    return { status: isNew ? 201 : 200, body };
  });
}
