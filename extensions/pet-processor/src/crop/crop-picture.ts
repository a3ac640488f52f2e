import { bounded, fitOf, placeOf, type CropView } from "./crop-geometry.ts";
import { shareOf, type Scene } from "./crop-moves.ts";
import { allow, axisOf, slidersIn } from "./crop-tools.ts";

/** What the stage looks like: the photo in its place over a soft copy of itself, and tools that know what they can do. */
export type CropPicture = {
  /** Shown once it is decoded, so that the frame never flashes. */
  show(url: string): void;
  hide(): void;
  draw(view: CropView, scene: Scene, can: { undo: boolean; isEased: boolean }): void;
};

export function createCropPicture(stage: HTMLElement, tools: HTMLElement): CropPicture {
  const image = pictureIn(stage, "photo");
  const ground = pictureIn(stage, "ground");
  let shownUrl = "";
  /** In degrees and past 360, so that a turn never runs backwards. */
  let angle = 0;

  function show(url: string): void {
    if (shownUrl === url) return;
    hide();
    shownUrl = url;
    image.src = url;
    const open = () => {
      if (shownUrl !== url) return;
      ground.src = url;
      stage.replaceChildren(ground, image);
      stage.hidden = false;
      tools.hidden = false;
    };
    // A photo that the browser cannot show cannot be cut either.
    image.decode().then(open, () => {});
  }

  function hide(): void {
    shownUrl = "";
    stage.hidden = true;
    tools.hidden = true;
    stage.replaceChildren();
  }

  function draw(view: CropView, scene: Scene, { undo, isEased }: { undo: boolean; isEased: boolean }): void {
    angle += ((view.turn - angle + 540) % 360) - 180;
    stage.toggleAttribute("data-eased", isEased);
    Object.assign(image.style, placeOf(view, scene.photo, scene.frame, angle));
    const { scale } = bounded(view, scene.photo, scene.frame);
    stage.toggleAttribute("data-zoomed", scale > 1);
    allow(tools, "in", scale < fitOf(view.turn, scene.photo, scene.frame).most - 1e-6);
    allow(tools, "out", scale > 1);
    allow(tools, "whole", scale > 1);
    allow(tools, "undo", undo);
    for (const slider of slidersIn(tools)) {
      const share = shareOf(view, scene, axisOf(slider));
      slider.disabled = share === null;
      slider.value = String(Math.round((share ?? 0.5) * 100));
    }
  }

  return Object.freeze({ show, hide, draw });
}

/** Without words: the stage has a name, and the picture below it says what it is. */
function pictureIn(stage: HTMLElement, kind: "photo" | "ground"): HTMLImageElement {
  const image = stage.ownerDocument.createElement("img");
  image.alt = "";
  image.draggable = false;
  image.dataset["kind"] = kind;
  return image;
}
