import type { LoaderFunctionArgs } from "@remix-run/node";
import { quotaJson } from "#app/http/portrait-json.ts";
import { json } from "#app/http/respond.ts";
import { sessionDoor } from "#app/http/storefront-door.ts";
import type { SessionJson } from "#app/http/storefront-api.ts";
import { styles } from "#app/styles/catalogue.ts";

/** GET session: who the shopper is, what they can choose, what is left today. */
export const loader = ({ request, context: { house } }: LoaderFunctionArgs): Promise<Response> =>
  sessionDoor(house, request, async ({ shopper }, token) => {
    const { direct } = house.photos;
    const { limits } = direct ?? house.photos;
    const answer: SessionJson = {
      session: token,
      customer: shopper.customer !== null,
      styles: styles.map(({ id, name, description, revision }) => ({
        id,
        name,
        description,
        sample_url: `${house.config.appUrl}/samples/${id}.jpg`,
        revision,
      })),
      quota: quotaJson(await house.quota(shopper)),
      limits: {
        max_bytes: limits.maxBytes,
        min_side: limits.minSide,
        max_side: limits.maxSide,
        accept: [...limits.accept],
        max_photos: limits.maxPhotos,
      },
      upload: direct === undefined ? "proxy" : "direct",
      strategy: "on_demand",
    };
    return json(answer);
  });
