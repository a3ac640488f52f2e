import sharp from "sharp";
import { labPlanes } from "../filters/lab-colour.ts";
import { decodePicture, encodePng, pictureOf, rawOf, type Picture, type RawPicture } from "../picture-codec.ts";
import type { Size } from "../raster.ts";
import { borderPrior } from "./border-prior.ts";
import { cleanEdgeColours } from "./clean-edge-colours.ts";
import { confidenceOf, leastConfidence } from "./confidence.ts";
import { grabCut } from "./grab-cut.ts";
import { cleanMask, type CleanedMask } from "./mask-cleaning.ts";
import { refineAlpha } from "./refine-alpha.ts";
import { vignette } from "./vignette.ts";

/** Longest sides in pixels: what is cut, what guides the refinement, what is painted from. */
const cutSide = 320;
const guideSide = 640;
const resultSide = 1536;
const rounds = 5;

export type CutOutPet = { image: Uint8Array; backgroundKept: boolean; confidence: number };

/**
 * Cuts a pet out of a photo with classic means: guess from the frame, cut, clean, judge, refine. Good on plain and evenly
 * textured backgrounds, unsure on cluttered ones, and it knows the difference: then the whole photo stays, in an oval.
 *
 * @throws UnreadablePicture
 */
export async function cutOutPet(photo: Uint8Array): Promise<CutOutPet> {
  const raw = await decodePicture(photo, resultSide);
  const { cleaned, size, confidence: exact } = await cut(raw);
  const confidence = Math.round(exact * 1000) / 1000;
  if (exact < leastConfidence) return { image: await encodePng(inOval(raw)), backgroundKept: true, confidence };
  return { image: await encodePng(await alongContour(raw, cleaned, size)), backgroundKept: false, confidence };
}

async function cut(raw: RawPicture): Promise<{ cleaned: CleanedMask; size: Size; confidence: number }> {
  const { colours, size } = await shrunk(raw, cutSide, 5);
  const lab = labPlanes(colours);
  const cleaned = cleanMask(grabCut(lab, size, borderPrior(lab, size), rounds), size);
  return { cleaned, size, confidence: confidenceOf({ ...cleaned, size, lab }) };
}

async function alongContour(raw: RawPicture, { mask }: CleanedMask, maskSize: Size): Promise<RawPicture> {
  const { colours, size } = pictureOf(raw);
  const guide = await shrunk(raw, guideSide);
  const alpha = refineAlpha(mask, maskSize, { colours, size, guide: guide.colours, guideSize: guide.size });
  const sigma = Math.max(size.width, size.height) / 250;
  return rawOf(cleanEdgeColours(colours, alpha, size, sigma), size, alpha);
}

function inOval(raw: RawPicture): RawPicture {
  const { colours, size } = pictureOf(raw);
  return rawOf(colours, size, vignette(size));
}

/**
 * Smaller and opaque. For the cut also stretched to full contrast, for the sake of dark rooms, and calmed by a median: fur
 * would otherwise be full of little edges.
 */
async function shrunk(raw: RawPicture, longestSide: number, median?: number): Promise<Picture> {
  let pipeline = sharp(raw.data, { raw })
    .removeAlpha()
    .resize({ width: longestSide, height: longestSide, fit: "inside", withoutEnlargement: true });
  if (median !== undefined) pipeline = pipeline.normalise({ lower: 1, upper: 99 }).median(median);
  const { data, info } = await pipeline.raw().toBuffer({ resolveWithObject: true });
  return pictureOf({ data, width: info.width, height: info.height, channels: 3 });
}
