import type { PortraitJson } from "../../../../app/http/storefront-api.ts";
import { fetchPicture, type Fetched } from "./result-picture.ts";
import type { ResultTools } from "./result-stage.ts";

export type SendView = { show(portrait: PortraitJson | null, styleName: string): void };

type Subject = { image: NonNullable<PortraitJson["image"]>; styleName: string };

const readableMs = 6000;
const addressKeptMs = 60_000;

/** Save, share, copy the link: the picture leaves the page only by the shopper's own hand, and takes no names along. */
export function createSend(tools: ResultTools): SendView {
  const { part, signal } = tools;
  const tell = createTold(tools);
  const address = part("result-address");
  let subject: Subject | null = null;
  let fetched: { url: string; picture: Promise<Fetched> } | null = null;

  /** Begun when a button is touched: a share sheet opens only while the press is fresh. */
  function prepare(): Promise<Fetched> | null {
    if (!subject) return null;
    const { image, styleName } = subject;
    if (fetched?.url === image.url) return fetched.picture;
    const picture = fetchPicture(image, styleName, tools);
    fetched = { url: image.url, picture };
    // What failed may work the next time.
    void picture.then((answer) => "failed" in answer && fetched?.picture === picture && (fetched = null));
    return picture;
  }

  const press = (name: string, act: (subject: Subject, picture: Fetched) => Promise<string> | string) => {
    const button = part(name);
    button.addEventListener("pointerdown", () => void prepare(), { signal });
    button.addEventListener("click", () => void run(act), { signal });
  };

  async function run(act: (subject: Subject, picture: Fetched) => Promise<string> | string): Promise<void> {
    tell("");
    const pressed = subject;
    const picture = await prepare();
    if (pressed && picture && !signal.aborted) tell(await act(pressed, picture));
  }

  press("result-save", (pressed, picture) => save(pressed, picture, tools));
  press("result-share", (_, picture) => share(picture));
  part("result-copy").addEventListener(
    "click",
    () => void (subject && copy(subject.image.url, address).then((key) => tell(key))),
    { signal },
  );
  return Object.freeze({
    show(portrait: PortraitJson | null, styleName: string) {
      const image = portrait?.image ?? null;
      if (image?.url !== subject?.image.url) {
        tell("");
        address.hidden = true;
        fetched = null;
      }
      subject = image && { image, styleName };
      const isShareable = image !== null && canShare(image.content_type);
      part("result-share").hidden = !isShareable;
      part("result-copy").hidden = isShareable;
    },
  });
}

/** A sentence over the lower edge of the frame, where it moves nothing; one that names a fault stays. */
function createTold({ part, words, say, around, signal }: ResultTools): (key: string) => void {
  const line = part("result-said");
  let turn = 0;
  return (key) => {
    const mine = (turn += 1);
    const sentence = key && words.say(key);
    line.textContent = sentence;
    line.hidden = sentence === "";
    say(sentence);
    if (key !== "result_saved" && key !== "result_copied") return;
    const clear = () => mine === turn && (line.hidden = true);
    void around.wait(readableMs, signal).then(clear, () => {});
  };
}

function canShare(type: string): boolean {
  const probe = new File([], "portrait.jpg", { type });
  return navigator.canShare?.({ files: [probe] }) ?? false;
}

async function share(picture: Fetched): Promise<string> {
  if ("failed" in picture) return picture.failed === "gone" ? "result_picture_gone" : "result_picture_failed";
  try {
    await navigator.share({ files: [picture.file] });
    return "";
  } catch (error) {
    const { name } = error as Error;
    if (name === "AbortError") return "";
    // The press was too long ago by the time that the picture had come; now it is here.
    return name === "NotAllowedError" ? "result_share_again" : "result_share_failed";
  }
}

function save({ image }: Subject, picture: Fetched, { around, signal }: ResultTools): string {
  if ("file" in picture) {
    const address = URL.createObjectURL(picture.file);
    follow({ href: address, download: picture.file.name });
    const revoke = () => URL.revokeObjectURL(address);
    void around.wait(addressKeptMs, signal).then(revoke, revoke);
    return "result_saved";
  }
  if (picture.failed === "gone") return "result_picture_gone";
  if (around.isOffline()) return "result_picture_failed";
  follow({ href: image.url, target: "_blank", rel: "noopener noreferrer" });
  return "result_save_tab";
}

function follow(values: { href: string; download?: string; target?: string; rel?: string }): void {
  Object.assign(document.createElement("a"), values).click();
}

/** The picture's address into the clipboard; where that is forbidden, into a field with the address selected. */
async function copy(url: string, address: HTMLElement): Promise<string> {
  try {
    await navigator.clipboard.writeText(url);
    address.hidden = true;
    return "result_copied";
  } catch {
    const field = address.querySelector("input") as HTMLInputElement;
    field.value = url;
    address.hidden = false;
    field.focus();
    field.select();
    return "result_copy_by_hand";
  }
}
