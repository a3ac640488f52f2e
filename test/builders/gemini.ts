import { createRequire } from "node:module";
import sharp from "sharp";
import { createGeminiPainter, type GeminiPainterSettings } from "#app/adapters/gemini/gemini-painter.ts";
import type { GeminiAccess } from "#app/adapters/gemini/gemini-client.ts";
import type { Painter, PaintRequest, Painting } from "#app/painters/painter.ts";
import { PaintingFailure } from "#app/painters/painting-failure.ts";

/** A painter that reaches a fake, and requests that only say what a test is about. */
export const fakeKey: GeminiAccess = { by: "key", apiKey: "fake-key" };

export function geminiAt(baseUrl: string, settings: Partial<GeminiPainterSettings> = {}): Painter {
  return createGeminiPainter({
    access: fakeKey,
    model: "gemini-nano-banana-2.1",
    baseUrl,
    attemptTimeoutMs: 20_000,
    ...settings,
  });
}

/** A pet of one colour that is cut out of its photo. */
export async function plainCutout(background = "#b5651d"): Promise<Buffer> {
  const pet = await sharp({ create: { width: 60, height: 70, channels: 4, background } })
    .png()
    .toBuffer();
  const clear = { width: 120, height: 150, channels: 4 as const, background: "#00000000" };
  return sharp({ create: clear })
    .composite([{ input: pet }])
    .png()
    .toBuffer();
}

const cutout = await plainCutout();

export function paintRequest(request: Partial<PaintRequest> = {}): PaintRequest {
  return {
    pets: [{ image: cutout, backgroundKept: false }],
    style: { id: "ink_wash", revision: 1, prompt: "Paint this pet in ink." },
    size: { width: 1024, height: 1280 },
    take: 1,
    wording: "usual",
    signal: new AbortController().signal,
    ...request,
  };
}

/** @returns what went wrong; a painting that came to something is an error here */
export async function failureOf(painting: Promise<Painting>): Promise<PaintingFailure> {
  const end = await painting.then(
    () => new Error("it painted"),
    (error: unknown) => error,
  );
  if (end instanceof PaintingFailure) return end;
  throw end;
}

/**
 * Signs in to Vertex with a token that is there already, so that nothing is asked of the network. The client must be of
 * the library that the SDK itself uses; another version of it speaks of headers in another way.
 */
export function vertexWith(token: string | null): GeminiAccess {
  const fromSdk = createRequire(createRequire(import.meta.url).resolve("@google/genai"));
  const { OAuth2Client } = fromSdk("google-auth-library") as {
    OAuth2Client: new () => { setCredentials(credentials: { access_token?: string }): void };
  };
  const client = new OAuth2Client();
  if (token !== null) client.setCredentials({ access_token: token });
  return { by: "vertex", project: "pets", location: "europe-west4", auth: { authClient: client as never } };
}
