import { GoogleGenAI, type GoogleGenAIOptions } from "@google/genai";

/** How the app proves to Google who it is: a key of the Gemini API, a Google Cloud project, or a key of Vertex AI. */
export type GeminiAccess =
  | { by: "key"; apiKey: string }
  | {
      by: "vertex";
      project: string;
      /** A region, `us`, `eu` or `global`. */
      location: string;
      /** Application default credentials where it is left out. */
      auth?: GoogleGenAIOptions["googleAuthOptions"];
    }
  | { by: "vertex-key"; apiKey: string };

/**
 * The SDK would read keys, addresses and versions from the environment wherever we leave them out, so nothing is left out.
 *
 * The versions are pinned, because they are the contract that was tested: picture sizes, thinking levels and a model's
 * retirement are in the beta surface, and the SDK has changed its own default from one release to the next.
 *
 * Its retries stay off: `retryOptions`, even empty, would turn one call into as many as five, each of them billed.
 */
export function createGeminiClient(access: GeminiAccess, baseUrl?: string): GoogleGenAI {
  const httpOptions = { baseUrl: baseUrl ?? addressOf(access) };
  switch (access.by) {
    case "key":
      return new GoogleGenAI({ vertexai: false, apiKey: access.apiKey, apiVersion: "v1beta", httpOptions });
    case "vertex-key":
      return new GoogleGenAI({ vertexai: true, apiKey: access.apiKey, apiVersion: "v1beta1", httpOptions });
    case "vertex":
      return new GoogleGenAI({
        vertexai: true,
        project: access.project,
        location: access.location,
        apiVersion: "v1beta1",
        httpOptions,
        ...(access.auth === undefined ? {} : { googleAuthOptions: access.auth }),
      });
  }
}

function addressOf(access: GeminiAccess): string {
  if (access.by === "key") return "https://generativelanguage.googleapis.com";
  if (access.by === "vertex-key" || access.location === "global") return "https://aiplatform.googleapis.com";
  const { location } = access;
  // The place becomes part of the name of the host that photos and tokens are sent to.
  if (!/^[a-z0-9-]+$/.test(location)) throw new TypeError(`not a location of Google Cloud: ${location}`);
  if (location === "us" || location === "eu") return `https://aiplatform.${location}.rep.googleapis.com`;
  return `https://${location}-aiplatform.googleapis.com`;
}
