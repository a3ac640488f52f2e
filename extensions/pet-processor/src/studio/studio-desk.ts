import type { PortraitJson, QuotaJson, SessionJson } from "../../../../app/http/storefront-api.ts";
import type { CartChoice } from "../cart/cart-properties.ts";
import { mayCount } from "../page/consent.ts";
import { tellPage } from "../page/events.ts";
import type { Surroundings } from "../page/surroundings.ts";
import type { StorefrontClient } from "../storefront/storefront-client.ts";
import type { Instant } from "./instant.ts";
import type { ProgressClock } from "./progress-clock.ts";
import type { StudioHost } from "./studio-host.ts";
import { portraitForCart, slotsOf, workIn } from "./studio-selectors.ts";
import { nextState, type Pet, type StudioEvent, type StudioState } from "./studio-state.ts";
import type { StudioView } from "./studio-view.ts";

/** What is fetched when its time has come; see `studio-extras.ts`. */
export type Extras = {
  follow(state: StudioState): void;
  /** The list of portraits may have changed. */
  refresh(): void;
};

/** Everything that one studio has on its desk. The functions beside it are the only ones that change it. */
export type Desk = {
  host: StudioHost;
  view: StudioView;
  readonly client: StorefrontClient;
  readonly around: Surroundings;
  readonly progress: ProgressClock;
  readonly instant: Instant;
  extras: Extras;
  state: StudioState;
  session: SessionJson | null;
  quota: QuotaJson | null;
  /** As typed, by the pet's slot. */
  petNames: Record<number, string>;
  note: string;
  /** Of what each portrait of this visit was painted. */
  readonly petsOf: Map<string, Pet[]>;
  /** Ends the work under way when something else begins. */
  run: AbortController;
  unblockTimer: number;
};

/** One step of the studio and all that follows from the new state: memory, cart, page, picture. */
export function step(desk: Desk, event: StudioEvent, by: "shopper" | "itself" = "itself"): void {
  const before = desk.state;
  desk.state = nextState(before, event);
  remember(desk);
  // The work goes on while there is no element for it; another product may be in the old one by now.
  if (isAway(desk)) return;
  desk.host.notice(null);
  carry(desk);
  desk.progress.follow(desk.state);
  show(desk, { from: before, by });
  announce(desk, before);
}

export function show(desk: Desk, change?: { from: StudioState; by: "shopper" | "itself" }): void {
  const { state, session, quota, petNames, note, host } = desk;
  const { styles, mostPets } = host.settings;
  desk.view.render({ state, session, quota, petNames, note, styles, mostPets }, change);
  desk.extras.follow(state);
}

/** True from the moment the element has left the page, or has turned to another product, until there is a new one. */
export function isAway(desk: Desk): boolean {
  return desk.host.signal.aborted;
}

/** Ends what is under way and gives the signal of what begins. */
export function newRun(desk: Desk): AbortSignal {
  desk.run.abort();
  desk.run = new AbortController();
  return desk.run.signal;
}

export function carry(desk: Desk): void {
  const portrait = portraitForCart(desk.state);
  desk.host.carry(portrait && choiceOf(desk, portrait));
}

function choiceOf(desk: Desk, portrait: PortraitJson): CartChoice {
  return {
    portraitId: portrait.id,
    status: portrait.status === "pending" ? "pending" : "ready",
    imageUrl: portrait.image?.url ?? null,
    styleName: styleName(desk.session, portrait.style),
    petNames: slotsOf(desk.state).map((slot) => desk.petNames[slot] ?? ""),
    note: desk.note,
  };
}

export function styleName(session: SessionJson | null, id: string): string {
  return session?.styles.find((style) => style.id === id)?.name ?? id;
}

function remember({ state, host }: Desk): void {
  const { remembered, settings } = host;
  if (host.inEditor || settings.productId === "") return;
  const known = remembered.work(settings.productId);
  const work = workIn(state);
  const gist = ({ portraitId, wish, pets }: typeof work & object) => JSON.stringify([portraitId, wish, pets]);
  if (work && known && gist(work) === gist(known)) return;
  if (work) return remembered.keepWork(settings.productId, work);
  // A wish that came to nothing is not made again by a reload; a portrait stays while the next photo is read.
  if (known?.wish || (known && isOver.includes(state.kind))) remembered.forgetWork(settings.productId);
}

const isOver = ["empty", "choosing", "blocked"];

function announce(desk: Desk, before: StudioState): void {
  const { state, host } = desk;
  const { productId } = host.settings;
  if (before.kind === "reading" && (state.kind === "choosing" || state.kind === "blocked")) {
    tellPage(host.element, "pet-processor:photo", { productId });
    count(desk, "photo_chosen");
  }
  const arrived = state.kind === "result" || state.kind === "pending";
  if (!arrived || !(before.kind === "working" || before.kind === "keeping" || before.kind === "restoring")) return;
  tellPage(host.element, "pet-processor:portrait", { productId, portrait: state.portrait });
  if (state.kind === "result") count(desk, "portrait_shown", state.portrait.id);
}

export function count(desk: Desk, name: Parameters<StorefrontClient["tell"]>[0]["name"], portraitId?: string): void {
  if (desk.host.inEditor) return;
  mayCount().then(
    (allowed) => allowed && desk.client.tell(portraitId ? { name, portrait_id: portraitId } : { name }),
    () => {},
  );
}
