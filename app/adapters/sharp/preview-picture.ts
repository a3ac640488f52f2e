import sharp from "sharp";
import type { RawPicture } from "./picture-codec.ts";

/** Says what the picture is to whoever opens its properties: nobody shall take a preview for the work of a model. */
const previewMark = "Preview, not AI";

/**
 * A finished preview as JPEG with an sRGB profile and our mark. It is made from bare pixels, so nothing of a photo's
 * metadata can be in it.
 */
export async function encodePreview(raw: RawPicture): Promise<Buffer> {
  return sharp(raw.data, { raw })
    .withIccProfile("srgb")
    .withExif({ IFD0: { ImageDescription: previewMark, Software: "pet-portraits preview painter" } })
    .jpeg({ quality: 92, chromaSubsampling: "4:4:4" })
    .toBuffer();
}
