import type { PrivacyRequestRecord } from "#app/privacy/personal-records.ts";

/** What a privacy request was and what came of it, in sentences. */
export type RequestWording = { title: string; summary: string; proof: string | null; download: string | null };

const titles: Record<PrivacyRequestRecord["kind"], string> = {
  shopper: "A shopper deleted their photos",
  data_request: "A customer asked for their data",
  customer_redact: "A customer's data was deleted",
  shop_redact: "All data of this shop was deleted",
};

const openTitles: Record<PrivacyRequestRecord["kind"], string> = {
  ...titles,
  customer_redact: "A customer's data is being deleted",
  shop_redact: "All data of this shop is being deleted",
};

export function requestWording(request: PrivacyRequestRecord): RequestWording {
  if (request.completedAt === null) {
    const summary = "Not finished yet. It goes on by itself until nothing is left.";
    return { title: openTitles[request.kind], summary, proof: null, download: null };
  }
  const title = titles[request.kind];
  const { records, objects, objectsShared, left } = request.receipt;
  if (request.kind === "data_request") return { title, ...dataWording(request) };
  const deleted = list([
    many(records.photos, "photo"),
    many(records.portraits, "portrait"),
    many(objects, "stored file"),
  ]);
  const stays = objectsShared === 1 ? "picture stays" : "pictures stay";
  const shared = objectsShared === 0 ? "" : ` ${objectsShared} ${stays}, because another shopper made the same.`;
  const nothing = left === null || left.photos + left.portraits + left.events + left.others + left.objects === 0;
  return {
    title,
    summary: `Deleted ${deleted}.${shared}`,
    proof: nothing ? "Checked afterwards: nothing is left." : null,
    download: "Download receipt",
  };
}

function dataWording({ shoppers, receipt }: PrivacyRequestRecord): Omit<RequestWording, "title"> {
  const { photos = 0, portraits = 0, events = 0 } = receipt?.records ?? {};
  const found = list([many(photos, "photo"), many(portraits, "portrait"), many(events, "event")]);
  if (shoppers.length === 0) {
    return { summary: `There were ${found}. They can no longer be fetched.`, proof: null, download: null };
  }
  const proof = "Hand the file to the customer within 30 days. It shows what is stored when you download it.";
  return { summary: `Stored of them: ${found}.`, proof, download: "Download data" };
}

const many = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

function list(items: string[]): string {
  return new Intl.ListFormat("en-GB").format(items);
}
