import sharp from "sharp";
import type { CutoutFlaw, CutoutInspector } from "#app/cutouts/cutout-inspector.ts";
import { makeSharpSafe, mostInputPixels } from "./sharp-settings.ts";

/**
 * Share of a picture that must be pet, and that must not be. A model that finds no pet still answers with specks (U²-Net
 * stretches whatever it saw to full contrast), so a single pixel proves nothing.
 */
const leastShare = 0.002;

/** Fills the port with sharp. The size is compared before a pixel is decoded, so a bomb costs its header. */
export function createCutoutInspector(): CutoutInspector {
  makeSharpSafe();
  return Object.freeze({
    async findFlaw(cutout, { photo }) {
      const { autoOrient: wanted } = await open(photo).metadata();
      const facts = await open(cutout)
        .metadata()
        .catch(() => undefined);
      if (facts?.format !== "png") return "not a PNG";
      if (!facts.hasAlpha) return "no alpha channel";
      const { width, height } = facts.autoOrient;
      if (width !== wanted.width || height !== wanted.height) return "another size than the photo";
      return flawOfAlpha(cutout);
    },
  } satisfies CutoutInspector);
}

async function flawOfAlpha(cutout: Buffer): Promise<CutoutFlaw | undefined> {
  const alpha = await decodeAlpha(cutout);
  if (alpha === undefined) return "broken";
  let kept = 0;
  for (const value of alpha) if (value >= 128) kept++;
  if (kept < alpha.length * leastShare) return "nothing is left";
  if (alpha.length - kept < alpha.length * leastShare) return "nothing is gone";
  return undefined;
}

async function decodeAlpha(cutout: Buffer): Promise<Buffer | undefined> {
  return open(cutout)
    .extractChannel("alpha")
    .raw({ depth: "uchar" })
    .toBuffer()
    .catch(() => undefined);
}

const open = (bytes: Buffer) => sharp(bytes, { limitInputPixels: mostInputPixels, failOn: "warning" });
