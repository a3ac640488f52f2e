import type { ForgetReceiptJson, PortraitJson } from "../../../app/http/storefront-api.ts";
import { keepGround } from "../../../extensions/pet-processor/src/page/page-ground.ts";
import { belowMarkup } from "../../../extensions/pet-processor/src/result/below-markup.ts";
import { openResult, type ResultModel } from "../../../extensions/pet-processor/src/pet-result.ts";
import { createStorefrontClient } from "../../../extensions/pet-processor/src/storefront/storefront-client.ts";
import { browserSurroundings } from "../../../extensions/pet-processor/src/page/surroundings.ts";
import { pageSentences } from "../../../extensions/pet-processor/src/page/page-sentences.ts";
import { createWords } from "../../../extensions/pet-processor/src/page/words.ts";

/** Runs in the page of `result-page.ts`: opens the result as the studio does, and lets the test say what it shows. */
const element = document.querySelector("pet-processor") as HTMLElement;
const session = new URLSearchParams(location.search).get("session");
const around = browserSurroundings;
const client = createStorefrontClient("/apps/pet-portraits", { session: () => session, keepSession: () => {} }, around);
const life = new AbortController();
const heard = { picked: [] as PortraitJson[], forgotten: [] as ForgetReceiptJson[] };

keepGround(element, life.signal);
const words = createWords(pageSentences(element), document.documentElement.lang);
element.querySelector('[data-part="stack"]')?.after(belowMarkup(words, "pet"));
const stage = openResult({
  element,
  words,
  signal: life.signal,
  around,
  client,
  onPick: (portrait) => void heard.picked.push(portrait),
  onForgotten: (receipt) => void heard.forgotten.push(receipt),
});

/** As the studio's frame has it: the portrait in its layer, and all else over it. */
function show(model: ResultModel | null): void {
  const layer = element.querySelector('[data-part="picture"]');
  const image = document.createElement("img");
  image.dataset["kind"] = "portrait";
  image.alt = "Portrait";
  image.src = model?.portrait?.image?.url ?? "";
  layer?.replaceChildren(...(model?.portrait ? [image] : []));
  stage.show(model);
}

Object.assign(window, { result: { show, refresh: () => stage.refresh(), leave: () => life.abort(), heard } });
