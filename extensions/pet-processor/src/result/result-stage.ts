import type { ForgetReceiptJson, PortraitJson } from "../../../../app/http/storefront-api.ts";
import type { Surroundings } from "../page/surroundings.ts";
import type { Words } from "../page/words.ts";
import type { StorefrontClient } from "../storefront/storefront-client.ts";

/** The photo that a portrait was painted from, as far as this page still has it. */
export type Before = {
  url: string;
  /** How its crop lies in the frame, as CSS; null shows it whole. */
  place: { width: string; height: string; transform: string } | null;
};

export type ResultModel = {
  /** On show; null leaves only the earlier portraits and "delete my photos". */
  portrait: PortraitJson | null;
  styleName: string;
  before: Before | null;
  /** For the earlier portraits, by the style's id. */
  styleNames: Record<string, string>;
};

export type ResultStage = {
  /** Null where there is nothing of this shopper's to show. */
  show(model: ResultModel | null): void;
  /** The shopper's list of portraits may have changed on the server. */
  refresh(): void;
};

export type ResultOptions = {
  /** The `<pet-processor>` element. */
  element: HTMLElement;
  words: Words;
  /** Aborts when the element leaves the page. */
  signal: AbortSignal;
  around: Surroundings;
  client: Pick<StorefrontClient, "portraits" | "forget">;
  onPick(portrait: PortraitJson): void;
  /** Everything is deleted on the server; the sentence that says so is on show already. */
  onForgotten(receipt: ForgetReceiptJson): void;
};

/** What every part of the result is given to work with. */
export type ResultTools = Pick<ResultOptions, "signal" | "around"> & {
  words: ResultWords;
  /** The merchant's, as the block's element carries them. */
  settings: DOMStringMap;
  part(name: string): HTMLElement;
  /** Into the widget's one live region. */
  say(text: string): void;
};

export type ResultWords = Words & {
  /** A day and its month, in the shopper's own calendar and time zone. */
  date(iso: string): string;
  percent(whole: number): string;
  /** `key_one` or `key_other`, as the language counts. */
  count(key: string, number: number): string;
};

/** The script that is loaded when there is a portrait, or when an earlier shopper comes back. */
export type ResultModule = { openResult(options: ResultOptions): ResultStage };
