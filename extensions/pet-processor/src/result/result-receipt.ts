import type { ForgetReceiptJson } from "../../../../app/http/storefront-api.ts";
import type { ResultWords } from "./result-stage.ts";

/** What was deleted, in a sentence. The number of files behind it is our affair and is not said. */
export function receiptSentence(receipt: ForgetReceiptJson, words: ResultWords): string {
  if (receipt.photos + receipt.portraits === 0) return words.say("result_receipt_none");
  const photos = words.count("result_photos", receipt.photos);
  const portraits = words.count("result_portraits", receipt.portraits);
  return words.say("result_receipt", { photos, portraits });
}
