import type { PortraitJson, PortraitRequestJson, QuotaJson } from "../../../app/http/storefront-api.ts";
import { StorefrontFault } from "./storefront-fault.ts";
import type { StorefrontClient } from "./storefront-client.ts";
import { isUnderWay, type Photo } from "./studio-state.ts";
import type { Surroundings } from "./surroundings.ts";

export type PortraitOrder = {
  photo: Photo;
  style: string;
  take: number;
  pending: boolean;
  /** How much of the photo has gone out, from 0 to 1. */
  onSent?: (share: number) => void;
};

const never = new AbortController().signal;

/**
 * Asks for a portrait and sends the photo only when the server has to have it: first by the id or the hash that it may
 * know from an earlier visit, and after a `409 photo_needed` with the bytes. Gives the photo back with its id.
 */
export async function orderPortrait(
  client: StorefrontClient,
  order: PortraitOrder,
  signal: AbortSignal,
): Promise<{ portrait: PortraitJson; photo: Photo }> {
  const ask = async (photo: Photo) => {
    const { style, take, pending } = order;
    const request: PortraitRequestJson = { photos: [named(photo)], style, take };
    // Not aborted half-way: a portrait that nobody waits for any more has to be cancelled by its id.
    const portrait = await client.askForPortrait(pending ? { ...request, pending } : request, never);
    if (signal.aborted && isUnderWay(portrait)) client.cancel(portrait.id).catch(() => {});
    signal.throwIfAborted();
    return { portrait, photo };
  };
  const { photo } = order;
  const send = () => sent(client, order, signal);
  // Opened first, since only then it is known whether this shopper is new.
  await client.session(signal);
  const mayBeKnown = photo.id !== null || (photo.sourceSha256 !== null && client.mayKnow(photo.sourceSha256));
  if (!mayBeKnown) return ask(await send());
  try {
    return await ask(photo);
  } catch (fault) {
    if (!(fault instanceof StorefrontFault) || fault.code !== "photo_needed") throw fault;
    return ask(await send());
  }
}

/** At least this long between two looks, should a server answer a long poll at once. */
const shortestPauseMs = 700;

/**
 * Follows a portrait until nothing more happens to it. The long poll takes the place of waiting out a `Retry-After`: the
 * server itself holds the answer back, so a portrait is shown the moment it is there.
 */
export async function followPortrait(options: {
  client: StorefrontClient;
  around: Surroundings;
  portrait: PortraitJson;
  signal: AbortSignal;
  onNews(portrait: PortraitJson, quota: QuotaJson | null): void;
}): Promise<void> {
  const { client, around, signal } = options;
  let { portrait } = options;
  let quota: QuotaJson | null = null;
  options.onNews(portrait, quota);
  while (isUnderWay(portrait)) {
    const askedAt = around.now();
    ({ portrait, quota } = await client.portrait(portrait.id, { wait: true }, signal));
    signal.throwIfAborted();
    options.onNews(portrait, quota);
    const restMs = shortestPauseMs - (around.now() - askedAt);
    if (isUnderWay(portrait) && restMs > 0) await around.wait(restMs, signal);
  }
}

function named(photo: Photo): PortraitRequestJson["photos"][number] {
  return photo.id ? { id: photo.id } : { source_sha256: photo.sourceSha256 ?? "" };
}

async function sent(
  client: StorefrontClient,
  { photo, onSent = () => {} }: PortraitOrder,
  signal: AbortSignal,
): Promise<Photo> {
  const { bytes, sourceSha256 } = photo;
  if (!bytes) throw new StorefrontFault({ code: "photo_needed", status: 409 });
  const { id } = await client.keepPhoto({ bytes, sourceSha256, signal, onSent });
  return { ...photo, id };
}
