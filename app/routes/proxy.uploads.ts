import type { ActionFunctionArgs } from "@remix-run/node";
import type { House } from "#app/house.ts";
import { onceForKey } from "#app/http/once-for-key.ts";
import { parseBody } from "#app/http/parse-body.ts";
import { readJson } from "#app/http/read-json.ts";
import { uploadRequestSchema, type UploadAnswer } from "#app/http/storefront-api.ts";
import { closedDoor, costlyDoor, notOffered, type StorefrontCall } from "#app/http/storefront-door.ts";

/** POST uploads: a signed form for sending a photo straight into storage, where there is a storage that takes them. */
export const action = ({ request, context: { house } }: ActionFunctionArgs): Promise<Response> => {
  if (request.method !== "POST") return closedDoor(house, request, 405);
  return costlyDoor(house, request, (call) => offerUpload(house, request, call));
};

async function offerUpload(house: House, request: Request, call: StorefrontCall): Promise<Response> {
  const { direct } = house.photos;
  if (direct === undefined) throw notOffered();
  const { value, sha256 } = await readJson(request);
  return onceForKey(house, call, sha256, async () => {
    const { bytes, content_type: contentType } = parseBody(uploadRequestSchema, value);
    const { photoId, upload } = await direct.offer(call.shopper, { bytes, contentType });
    const { url, fields, expiresAtMs } = upload;
    const expires_at = new Date(expiresAtMs).toISOString();
    const body: UploadAnswer = { upload: { url, fields, expires_at }, photo_id: photoId };
    return { status: 201, body };
  });
}
