import type { PortraitSummary } from "#app/ledger/usage-report.ts";

/** What is said of a portrait beside its picture, or in the place of one. */
export function remarks(portrait: PortraitSummary, usualRemover: string): string | null {
  const { status, cached, backgroundKept, cutoutBy, orders } = portrait;
  const ordered = orders.length > 0 && `ordered in ${new Intl.ListFormat("en").format(orders)}`;
  const stoodIn = cutoutBy !== null && cutoutBy !== usualRemover && `cut out by ${cutoutBy}`;
  const ofPicture = [cached && "from the cache", backgroundKept && "background kept", stoodIn];
  const all = [ordered, ...(status === "ready" ? ofPicture : [])].filter(Boolean).join(", ");
  return all === "" ? null : all.charAt(0).toUpperCase() + all.slice(1);
}

export type NoPicture = { text: string; is: "wrong" | "waiting" | "being painted" };

export function whyNoPicture({ status, orders, errorMessage, isGivenUp }: PortraitSummary): NoPicture {
  if (status === "failed") return { text: errorMessage ?? "It could not be painted.", is: "wrong" };
  if (status === "queued" || status === "making") return { text: "Being painted", is: "being painted" };
  if (orders.length === 0) return { text: "The photo is kept. It is painted once it is ordered.", is: "waiting" };
  if (isGivenUp) return { text: "No try came to anything. Please finish this order by hand.", is: "wrong" };
  if (errorMessage !== null)
    return { text: "It could not be painted yet. It is tried again by itself.", is: "waiting" };
  return { text: "It is painted as soon as the budget allows.", is: "waiting" };
}
