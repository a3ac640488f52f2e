import type { QuotaJson, SessionJson, StyleJson } from "../../../../app/http/storefront-api.ts";
import type { Words } from "../page/words.ts";
import { blockedSentence, leftToday, offeredStyles } from "./offer.ts";
import { listenForOrderWords, paintOrderWords } from "./order-words.ts";
import { paintPets, petPressed, type PetDeed } from "./pet-row.ts";
import type { ProgressNews } from "./progress-clock.ts";
import { putSteps } from "./steps.ts";
import { createParts, type Parts } from "./studio-parts.ts";
import { petInFrame, pictureOf, showPicture } from "./studio-pictures.ts";
import { petsOf, portraitForCart, slotsOf } from "./studio-selectors.ts";
import type { StudioState, Trouble } from "./studio-state.ts";
import { paintStyleCards } from "./style-cards.ts";

export type StudioAction = "paint" | "take" | "style" | "shown" | "after" | "again" | "retry" | "cancel";

export type StudioModel = {
  state: StudioState;
  session: SessionJson | null;
  quota: QuotaJson | null;
  petNames: Record<number, string>;
  note: string;
  /** The styles that the block's setting names. */
  styles: string[];
  mostPets: number;
};

export type StudioView = {
  render(model: StudioModel, change?: { from: StudioState; by: "shopper" | "itself" }): void;
  progress(news: ProgressNews): void;
  /** Our own sentence for a code, else the server's where the page speaks its language, else a general one. */
  sentence(trouble: Trouble): string;
  listen(options: {
    signal: AbortSignal;
    onAction(action: StudioAction): void;
    onStyle(id: string): void;
    onPet(deed: PetDeed, slot: number): void;
    onPetName(at: number, name: string): void;
    onNote(note: string): void;
  }): void;
};

/** Puts the steps into the block and shows a state: parts are shown, hidden and filled. */
export function createStudioView(element: HTMLElement, words: Words, now: () => number): StudioView {
  putSteps(element, words);
  const parts = createParts(element);
  const context: Context = { parts, words, now };
  let saidStage = "";
  return Object.freeze({
    render(model, change) {
      const hadFocus = element.contains(element.ownerDocument.activeElement);
      fill(context, model);
      parts.showFor(model.state.kind);
      decide(context, model);
      if (!change || change.from.kind === model.state.kind) return;
      parts.say(spoken(context, model));
      if (change.by === "shopper" || hadFocus) parts.focusHeading();
      if (change.by === "shopper" && model.state.kind === "working") parts.bringFrameIntoView();
    },
    progress(news) {
      const words = showProgress(context, news);
      if (words !== saidStage) parts.say(words);
      saidStage = words;
    },
    sentence: (trouble) => sentence(words, trouble),
    listen({ signal, onAction, onStyle, onPet, ...on }) {
      const press = (event: Event) => {
        const pet = petPressed(event);
        if (pet) return onPet(pet.deed, pet.slot);
        parts.onPress(event, (action) => onAction(action as StudioAction));
      };
      element.addEventListener("click", press, { signal });
      parts
        .get("styles")
        .addEventListener("change", (event) => onStyle((event.target as HTMLInputElement).value), { signal });
      listenForOrderWords(parts, { signal, ...on });
    },
  } satisfies StudioView);
}

type Context = { parts: Parts; words: Words; now: () => number };

function fill({ parts, words, now }: Context, model: StudioModel): void {
  const { state, session, quota } = model;
  const picture = pictureOf(state);
  const style = nameOf(session, styleOf(state));
  const alt = picture?.kind === "portrait" ? words.say("portrait_alt", { style }) : words.say("photo_alt");
  showPicture(parts.get("picture"), picture, alt);
  paintStyleCards(parts, offeredStyles(session, model.styles), state.kind === "reading" ? "" : styleOf(state));
  parts.text("left", leftToday(quota, words));
  parts.text("left-done", leftToday(quota, words));
  if (state.kind === "blocked") parts.text("blocked", blockedSentence(state.blocked, words, now()));
  if (state.kind === "trouble") parts.text("trouble", sentence(words, state.trouble));
  if (state.kind === "result" || state.kind === "pending" || state.kind === "added") {
    parts.text("done-title", words.say(`${state.kind}_title`, { style }));
    parts.text("done-text", words.say(`${state.kind}_text`, { style }));
  }
  paintPets(parts, state, { words, most: Math.min(model.mostPets, session?.limits.max_photos ?? 1) });
  parts.text(
    "flaw",
    petInFrame(state)
      ?.photo.flaws.map((flaw) => words.say(`flaw_${flaw}`))
      .join(" ") ?? "",
  );
  const petNames = slotsOf(state).map((slot) => model.petNames[slot] ?? "");
  paintOrderWords(parts, { petNames, note: model.note }, words);
}

/** Which of the buttons and marks of the visible panel make sense now. */
function decide({ parts }: Context, { state, session, quota, styles }: StudioModel): void {
  const onShow = "portrait" in state ? state.portrait : portraitForCart(state);
  const pets = petsOf(state);
  const hasPhoto = pets.length > 0 && pets.every(({ photo }) => photo.id || photo.bytes || photo.sourceSha256);
  const isOut = quota?.level === "none";
  const isPortrait = pictureOf(state)?.kind === "portrait";
  parts.get("paint").setAttribute("aria-disabled", String(state.kind === "reading"));
  parts.toggle("mark", isPortrait && onShow?.painter === "preview");
  parts.toggle("background-note", state.kind === "result" && state.portrait.background_kept);
  parts.toggle("take", state.kind === "result" && hasPhoto && !isOut);
  parts.toggle("style", hasPhoto && offeredStyles(session, styles).length > 1 && state.kind !== "added");
  parts.toggle("shown", (state.kind === "choosing" || state.kind === "blocked") && state.shown !== null);
  if (state.kind !== "trouble") return;
  const isOrder = hasPhoto && state.from.kind !== "restoring" && state.trouble.code !== "photo_needed";
  parts.toggle("trouble-retry", state.trouble.retryable);
  parts.toggle("trouble-shown", state.from.kind === "working" && state.from.shown !== null);
  parts.toggle("trouble-style", isOrder);
  parts.toggle("trouble-after", isOrder && state.from.kind === "working");
}

function showProgress({ parts, words }: Context, { stage, progress, isLate }: ProgressNews): string {
  const said = words.say(`stage_${stage}`);
  const { fraction, leftMs } = progress;
  parts.text("stage", said);
  parts.text(
    "time",
    isLate ? words.say("slow") : leftMs ? words.say("time_left", { time: words.seconds(leftMs) }) : "",
  );
  parts.bar(fraction, said);
  return said;
}

/** What the live region says on arriving in a state; the stages of the work are said as they come. */
function spoken({ words, now }: Context, { state, session }: StudioModel): string {
  const style = nameOf(session, styleOf(state));
  if (state.kind === "blocked") return blockedSentence(state.blocked, words, now());
  if (state.kind === "trouble") return sentence(words, state.trouble);
  const isDone = state.kind === "result" || state.kind === "pending" || state.kind === "added";
  if (!isDone) return "";
  return `${words.say(`${state.kind}_title`, { style })}. ${words.say(`${state.kind}_text`, { style })}`;
}

/** The server writes its sentences in English; in another language ours are said, which are fewer. */
function sentence(words: Words, { code, message, retryable }: Trouble): string {
  const own = words.maybe(`error_${code}`);
  if (own || !message) return own || words.say("error_unknown");
  if (/^en\b/i.test(words.language)) return message;
  return words.say(retryable ? "error_painting" : "error_painting_photo");
}

function styleOf(state: StudioState): string {
  if ("style" in state) return state.style;
  if (state.kind === "trouble") return styleOf(state.from);
  return "portrait" in state ? state.portrait.style : "";
}

function nameOf(session: SessionJson | null, id: string): string {
  return session?.styles.find((style: StyleJson) => style.id === id)?.name ?? id;
}
