import { StorefrontFault } from "../storefront/storefront-fault.ts";
import { receiptSentence } from "./result-receipt.ts";
import type { ResultOptions, ResultTools } from "./result-stage.ts";

export type ForgetView = {
  /** True while it is deleted and once that is told: then the words have to stay, whatever else is shown. */
  isSpeaking(): boolean;
  /** Back to the link, unless it is being deleted. */
  rest(): void;
};

type Own = Pick<ResultOptions, "client" | "onForgotten"> & { onChange(): void };
type Step = "resting" | "asking" | "deleting" | "told";

/** "Delete my photos": asked once, in its own place, and answered with what was deleted. */
export function createForget(tools: ResultTools, { client, onForgotten, onChange }: Own): ForgetView {
  const { part, words, signal, say } = tools;
  const link = part("result-forget");
  const question = part("result-forget-question");
  const yes = part("result-forget-yes");
  const no = part("result-forget-no");
  const said = part("result-forget-said");
  let step: Step = "resting";

  function become(next: Step, sentence = ""): void {
    step = next;
    link.hidden = next !== "resting";
    question.hidden = next !== "asking" && next !== "deleting";
    // Not `disabled`, which would throw the focus out of the page.
    for (const button of [yes, no]) button.setAttribute("aria-disabled", String(next === "deleting"));
    said.textContent = sentence;
    said.hidden = sentence === "";
    say(sentence);
    onChange();
  }

  async function forget(): Promise<void> {
    if (step !== "asking") return;
    become("deleting");
    const receipt = await client.forget(signal).catch((fault: unknown) => {
      if (!signal.aborted) become("asking", sentenceFor(fault, words));
    });
    if (!receipt) return;
    become("told", receiptSentence(receipt, words));
    said.focus();
    onForgotten(receipt);
  }

  function keep(): void {
    if (step !== "asking") return;
    become("resting");
    link.focus();
  }

  // The harmless button has the focus, so that Enter twice deletes nothing.
  link.addEventListener("click", () => (become("asking"), no.focus()), { signal });
  yes.addEventListener("click", () => void forget(), { signal });
  no.addEventListener("click", keep, { signal });
  question.addEventListener("keydown", (event) => event.key === "Escape" && keep(), { signal });

  return Object.freeze({
    isSpeaking: () => step === "deleting" || step === "told",
    rest: () => void (step === "asking" || step === "told" ? become("resting") : null),
  });
}

function sentenceFor(fault: unknown, words: ResultTools["words"]): string {
  const known = fault instanceof StorefrontFault ? words.maybe(`error_${fault.code}`) || fault.sentence : null;
  return known || words.say("error_unknown");
}
