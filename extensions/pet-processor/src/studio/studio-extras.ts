import { placeOf, viewOf } from "../crop/crop-geometry.ts";
import { fetchModule } from "../page/fetch-module.ts";
import type { CropStage } from "../pet-crop.ts";
import type * as CropModule from "../pet-crop.ts";
import type { ResultStage } from "../pet-result.ts";
import type * as ResultModule from "../pet-result.ts";
import { styleName, type Desk, type Extras } from "./studio-desk.ts";
import { frameAround, petInFrame } from "./studio-pictures.ts";
import type { Pet, StudioState } from "./studio-state.ts";

/**
 * What comes with a script of its own, fetched when its time has come: the crop once there is a photo to crop, and all that
 * can be done with a portrait once there is one. The studio works without them, as long as they are on their way or where
 * they do not come.
 */
export const noExtras: Extras = Object.freeze({ follow: () => {}, refresh: () => {} });

export type ExtrasOptions = {
  onCrop(slot: number, crop: Pet["crop"]): void;
  onPick: Parameters<typeof ResultModule.openResult>[0]["onPick"];
  onDeleted(): void;
};

export function createExtras(desk: Desk, on: ExtrasOptions): Extras {
  const { element, words, signal, inEditor } = desk.host;
  // What comes late must not put its pieces into an element that somebody else has opened meanwhile.
  const fetchHere = async <Module>(name: "crop" | "result") => {
    const module = await fetchModule<Module>(element.dataset[name]);
    signal.throwIfAborted();
    return module;
  };
  const crop = once(async (): Promise<CropStage> => {
    const { openCrop } = await fetchHere<typeof CropModule>("crop");
    return openCrop({ element, words, signal, onChange: (slot, shape) => on.onCrop(Number(slot), shape) });
  });
  const result = once(async (): Promise<ResultStage> => {
    const { openResult } = await fetchHere<typeof ResultModule>("result");
    const { client, around } = desk;
    return openResult({ element, words, signal, around, client, onPick: on.onPick, onForgotten: on.onDeleted });
  });
  const still = (state: StudioState) => desk.state === state && !signal.aborted;

  return Object.freeze({
    follow(state: StudioState) {
      const pet = petInFrame(state);
      const { preview, width } = pet?.photo ?? {};
      const isCroppable = pet && preview && width && !inEditor;
      if (!isCroppable) crop.opened()?.show(null);
      else void crop.open().then((stage) => still(state) && stage?.show(subjectOf(pet)));
      const isForResult = forResult.includes(state.kind) && !inEditor;
      if (!isForResult) result.opened()?.show(null);
      else void result.open().then((stage) => still(state) && stage?.show(modelOf(desk, state)));
    },
    refresh: () => result.opened()?.refresh(),
  });
}

/** Wherever photos are shown they can be deleted. */
const forResult = ["choosing", "blocked", "result", "pending", "added"];

const subjectOf = ({ slot, photo, crop }: Pet) => ({
  key: String(slot),
  url: photo.preview ?? "",
  photo: { width: photo.width, height: photo.height },
  crop,
});

function modelOf({ session, host }: Desk, state: StudioState) {
  const portrait = "portrait" in state && state.portrait?.status === "ready" ? state.portrait : null;
  const pet = "pets" in state && state.pets.length === 1 ? state.pets[0] : undefined;
  const names = session?.styles.map(({ id, name }) => [id, name] as const) ?? [];
  return {
    portrait,
    styleName: portrait ? styleName(session, portrait.style) : "",
    before: portrait && pet ? beforeOf(pet, host.element) : null,
    styleNames: Object.fromEntries(names),
  };
}

/** The photo as it was cropped, to be laid over the portrait that was painted of it. */
function beforeOf({ photo, crop }: Pet, element: HTMLElement) {
  const { preview: url, width, height } = photo;
  if (!url) return null;
  const frame = frameAround(element);
  const size = { width, height };
  return { url, place: crop && width ? placeOf(viewOf(crop, size, frame), size, frame) : null };
}

/** Opened at most once; where it does not come, the next wish tries again. */
function once<Stage>(open: () => Promise<Stage>) {
  let opening: Promise<Stage | null> | null = null;
  let stage: Stage | null = null;
  return {
    opened: () => stage,
    open: () =>
      (opening ??= open().then(
        (opened) => (stage = opened),
        () => (opening = null),
      )),
  };
}
