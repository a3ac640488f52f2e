import type { PortraitJson, PortraitRequestJson, QuotaJson } from "../../../../app/http/storefront-api.ts";
import type { Surroundings } from "../page/surroundings.ts";
import type { StorefrontClient } from "../storefront/storefront-client.ts";
import { StorefrontFault } from "../storefront/storefront-fault.ts";
import { isUnderWay, type Pet, type Photo } from "./studio-state.ts";

export type PortraitOrder = {
  pets: Pet[];
  style: string;
  take: number;
  pending: boolean;
  /** How much of the photos has gone out, from 0 to 1. */
  onSent?: (share: number) => void;
};

const never = new AbortController().signal;

/**
 * Asks for a portrait and sends photos only when the server has to have them: first by the id or the hash that it may know
 * from an earlier visit, and after a `409 photo_needed` with the bytes. Gives the pets back with their photos' ids.
 */
export async function orderPortrait(
  client: StorefrontClient,
  order: PortraitOrder,
  signal: AbortSignal,
): Promise<{ portrait: PortraitJson; pets: Pet[] }> {
  const ask = async (pets: Pet[]) => {
    const { style, take, pending } = order;
    const request: PortraitRequestJson = { photos: pets.map(named), style, take };
    // Not aborted half-way: a portrait that nobody waits for any more has to be cancelled by its id.
    const portrait = await client.askForPortrait(pending ? { ...request, pending } : request, never);
    if (signal.aborted && isUnderWay(portrait)) client.cancel(portrait.id).catch(() => {});
    signal.throwIfAborted();
    return { portrait, pets };
  };
  // Opened first, since only then it is known whether this shopper is new.
  await client.session(signal);
  const mayBeKnown = ({ photo: { id, sourceSha256 } }: Pet) =>
    id !== null || (sourceSha256 !== null && client.mayKnow(sourceSha256));
  const sendWhere = (isToBeSent: (pet: Pet) => boolean) => sent(client, order, { isToBeSent, signal });
  const pets = await sendWhere((pet) => !mayBeKnown(pet));
  if (!order.pets.some(mayBeKnown)) return ask(pets);
  try {
    return await ask(pets);
  } catch (fault) {
    if (!(fault instanceof StorefrontFault) || fault.code !== "photo_needed") throw fault;
    // Which of them is missing is not said. What the server has already it recognises by its bytes.
    return ask(await sendWhere(() => true));
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

function named({ photo, crop }: Pet): PortraitRequestJson["photos"][number] {
  const by = photo.id ? { id: photo.id } : { source_sha256: photo.sourceSha256 ?? "" };
  return crop ? { ...by, crop } : by;
}

/** One after the other: together they would only share the same line. */
async function sent(
  client: StorefrontClient,
  { pets, onSent = () => {} }: PortraitOrder,
  { isToBeSent, signal }: { isToBeSent: (pet: Pet) => boolean; signal: AbortSignal },
): Promise<Pet[]> {
  const known: Pet[] = [];
  for (const pet of pets) {
    const done = known.length;
    const toll = (share: number) => onSent((done + share) / pets.length);
    known.push(isToBeSent(pet) ? { ...pet, photo: await sentPhoto(client, pet.photo, { onSent: toll, signal }) } : pet);
  }
  return known;
}

async function sentPhoto(
  client: StorefrontClient,
  photo: Photo,
  { onSent, signal }: { onSent: (share: number) => void; signal: AbortSignal },
): Promise<Photo> {
  const { bytes, sourceSha256 } = photo;
  if (!bytes) throw new StorefrontFault({ code: "photo_needed", status: 409 });
  const { id } = await client.keepPhoto({ bytes, sourceSha256, signal, onSent });
  return { ...photo, id };
}
