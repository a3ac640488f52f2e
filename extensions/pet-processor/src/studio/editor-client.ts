import type { SessionJson } from "../../../../app/http/storefront-api.ts";
import type { Words } from "../page/words.ts";
import type { StorefrontClient } from "../storefront/storefront-client.ts";
import { StorefrontFault } from "../storefront/storefront-fault.ts";

const sampleStyles = ["ink_wash", "pen_and_marker"];

/** The storefront of the theme editor: sample pictures and full quotas, and no way out to a server. */
export function createEditorClient(words: Words): StorefrontClient {
  const closed = () => Promise.reject(new StorefrontFault({ code: "editor" }));
  return Object.freeze({
    session: () => Promise.resolve(sampleSession(words)),
    mayKnow: () => false,
    keepPhoto: closed,
    askForPortrait: closed,
    portrait: closed,
    cancel: closed,
    portraits: () => Promise.resolve([]),
    forget: closed,
    tell: () => {},
  });
}

function sampleSession(words: Words): SessionJson {
  const styles = sampleStyles.map((id) => ({
    id,
    name: words.say(`sample_name_${id}`),
    description: "",
    sample_url: words.say(`sample_${id}`),
    revision: 1,
  }));
  const quota = {
    limit: 5,
    used: 0,
    remaining: 5,
    level: "plenty" as const,
    resets_at: "",
    blocked_by: null,
    retry_at: null,
  };
  const limits = { max_bytes: 20_000_000, min_side: 256, max_side: 4096, accept: [], max_photos: 1 };
  return { session: "", customer: false, styles, quota, limits, upload: "proxy", strategy: "on_demand" };
}
