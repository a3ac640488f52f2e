import { asMade } from "./page/made.ts";
import { createCompare } from "./result/compare-view.ts";
import { frameMarkup } from "./result/frame-markup.ts";
import { createForget } from "./result/result-forget.ts";
import { createMockup } from "./result/result-mockup.ts";
import { createSend } from "./result/result-send.ts";
import type { ResultModel, ResultOptions, ResultStage, ResultTools } from "./result/result-stage.ts";
import { createStrip } from "./result/result-strip.ts";
import { resultWords } from "./result/result-words.ts";
import { createZoom } from "./result/result-zoom.ts";
import { languageOf } from "./studio/block-settings.ts";

export type { Before, ResultModel, ResultModule, ResultOptions, ResultStage } from "./result/result-stage.ts";

/**
 * What a shopper can do with a portrait: hold it against the photo, look closer, see it on the product, choose an earlier
 * one, save it, share it, and have everything deleted. What lies below the frame is there already, and keeps its room; what
 * lies in it is put there. `show` fills both.
 */
export function openResult(options: ResultOptions): ResultStage {
  const { element, words } = options;
  element.querySelector('[data-part="picture"]')?.after(...asMade(frameMarkup(words)));
  const tools = toolsFrom(options);
  let model: ResultModel | null = null;
  const parts: Parts = {
    compare: createCompare(tools),
    zoom: createZoom(tools),
    mockup: createMockup(tools),
    send: createSend(tools),
    strip: createStrip(tools, options),
    forget: createForget(tools, {
      client: options.client,
      onForgotten(receipt) {
        parts.strip.clear();
        fill(parts, (model = null), tools);
        showBelow(tools, model, true);
        options.onForgotten(receipt);
      },
      onChange: () => showBelow(tools, model, parts.forget.isSpeaking()),
    }),
  };
  return Object.freeze({
    show(next: ResultModel | null) {
      // The same again, as when the tab is seen again: whoever looks from near or is being asked something is left alone.
      if (next && JSON.stringify(next) === JSON.stringify(model)) return;
      const before = model;
      model = next;
      if (next || !parts.forget.isSpeaking()) parts.forget.rest();
      // The portrait has left by something that the shopper pressed: the page may move now, and not when the next one comes.
      if (before?.portrait && !next?.portrait) leave(parts);
      fill(parts, next, tools);
      showBelow(tools, next, parts.forget.isSpeaking());
    },
    refresh: () => parts.strip.refresh(),
  });
}

type Parts = {
  compare: ReturnType<typeof createCompare>;
  zoom: ReturnType<typeof createZoom>;
  mockup: ReturnType<typeof createMockup>;
  send: ReturnType<typeof createSend>;
  strip: ReturnType<typeof createStrip>;
  forget: ReturnType<typeof createForget>;
};

function leave({ strip, mockup }: Parts): void {
  strip.open();
  mockup.reset();
}

function fill({ compare, zoom, mockup, send, strip }: Parts, model: ResultModel | null, { words }: ResultTools): void {
  const portrait = model?.portrait ?? null;
  const style = model?.styleName ?? "";
  compare.show(portrait ? (model?.before ?? null) : null);
  zoom.show(portrait, words.say("portrait_alt", { style }));
  mockup.show(portrait, words.say("result_mockup_alt", { style }));
  send.show(portrait, style);
  strip.show(model);
}

/** What lies below the frame keeps its room while it is hidden: the style sheet sees to that. */
function showBelow({ part }: ResultTools, model: ResultModel | null, isSpeaking: boolean): void {
  part("result").hidden = model === null && !isSpeaking;
  part("result-actions").hidden = !model?.portrait;
}

function toolsFrom({ element, words, signal, around }: ResultOptions): ResultTools {
  const find = (name: string) => element.querySelector<HTMLElement>(`[data-part="${name}"]`);
  return Object.freeze({
    signal,
    around,
    settings: element.dataset,
    words: resultWords(words, languageOf(element)),
    part(name: string) {
      const part = find(name);
      if (!part) throw new Error(`The block has no part "${name}".`);
      return part;
    },
    say(text: string) {
      const live = find("live");
      if (live && text) live.textContent = text;
    },
  });
}
