import type { PortraitJson } from "../../../../app/http/storefront-api.ts";
import { pictureFileName } from "./result-file-name.ts";
import type { ResultTools } from "./result-stage.ts";

type Image = NonNullable<PortraitJson["image"]>;

/** `gone`: the server no longer has it. `closed`: no answer that a script may read. */
export type Fetched = { file: File } | { failed: "gone" | "closed" };

const longestMs = 30_000;

/**
 * The portrait as a file, under a name that says its style and nothing of the shopper. Not from the browser's cache: what
 * an `<img>` has left there came without leave for scripts, and a bucket does not say that its answers differ.
 */
export async function fetchPicture(
  { url, content_type }: Image,
  styleName: string,
  { around, signal }: Pick<ResultTools, "around" | "signal">,
): Promise<Fetched> {
  const deadline = new AbortController();
  const end = () => deadline.abort();
  signal.addEventListener("abort", end, { once: true });
  void around.wait(longestMs, deadline.signal).then(end, () => {});
  try {
    const init: RequestInit = { mode: "cors", credentials: "omit", cache: "no-store", signal: deadline.signal };
    const response = await around.fetch(url, init);
    if (response.status === 404 || response.status === 410) return { failed: "gone" };
    if (!response.ok) return { failed: "closed" };
    const bytes = await response.blob();
    const type = bytes.type || content_type;
    return { file: new File([bytes], pictureFileName(styleName, type), { type }) };
  } catch {
    return { failed: "closed" };
  } finally {
    signal.removeEventListener("abort", end);
    end();
  }
}
