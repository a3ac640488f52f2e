import { boxBlur } from "../filters/box-blur.ts";
import { newPlane, type Colours, type Plane, type Size } from "../raster.ts";

/** Window of the filter, pixels of the photo that it is given; and the variance of colour that counts as flat. */
const radius = 9;
const epsilon = 6e-4;

/** `alpha = red * color.red + green * color.green + blue * color.blue + offset`, smooth from pixel to pixel. */
export type AlphaModel = { red: Plane; green: Plane; blue: Plane; offset: Plane };

/**
 * Explains a rough mask by the photo's colours, window by window, so that its border moves onto the contours of the photo:
 * the guided filter of He, Sun and Tang (ECCV 2010) with a colour guide. The model and not the alpha is given back,
 * because it may be made from a small photo and used on a large one (the same authors' "Fast guided filter", 2015).
 */
export function alphaModel(mask: Plane, guide: Colours, size: Size): AlphaModel {
  const mean = (plane: Plane) => boxBlur(plane, size, radius);
  const meanOf = (a: Plane, b: Plane) => mean(a.map((value, i) => value * b[i]!));
  const channels = [guide.red, guide.green, guide.blue] as const;
  const [r, g, b] = channels;
  const means = channels.map(mean) as [Plane, Plane, Plane];
  const products = [meanOf(r, r), meanOf(r, g), meanOf(r, b), meanOf(g, g), meanOf(g, b), meanOf(b, b)];
  const withMask = channels.map((channel) => meanOf(channel, mask)) as [Plane, Plane, Plane];
  const model = solveWindows({ means, products, withMask, meanMask: mean(mask) }, size);
  return { red: mean(model.red), green: mean(model.green), blue: mean(model.blue), offset: mean(model.offset) };
}

type Moments = { means: [Plane, Plane, Plane]; products: Plane[]; withMask: [Plane, Plane, Plane]; meanMask: Plane };

/** Least squares in every window: inverse covariance of the colours times their covariance with the mask. */
function solveWindows({ means, products, withMask, meanMask }: Moments, size: Size): AlphaModel {
  const model: AlphaModel = {
    red: newPlane(size),
    green: newPlane(size),
    blue: newPlane(size),
    offset: newPlane(size),
  };
  const [mr, mg, mb] = means;
  const [prr, prg, prb, pgg, pgb, pbb] = products as [Plane, Plane, Plane, Plane, Plane, Plane];
  for (let i = 0; i < meanMask.length; i++) {
    const r = mr[i]!;
    const g = mg[i]!;
    const b = mb[i]!;
    const m = meanMask[i]!;
    const rr = prr[i]! - r * r + epsilon;
    const rg = prg[i]! - r * g;
    const rb = prb[i]! - r * b;
    const gg = pgg[i]! - g * g + epsilon;
    const gb = pgb[i]! - g * b;
    const bb = pbb[i]! - b * b + epsilon;
    const cr = withMask[0][i]! - r * m;
    const cg = withMask[1][i]! - g * m;
    const cb = withMask[2][i]! - b * m;
    const x = gg * bb - gb * gb;
    const y = rb * gb - rg * bb;
    const z = rg * gb - rb * gg;
    const d = 1 / (rr * x + rg * y + rb * z);
    const ar = (x * cr + y * cg + z * cb) * d;
    const ag = (y * cr + (rr * bb - rb * rb) * cg + (rg * rb - rr * gb) * cb) * d;
    const ab = (z * cr + (rg * rb - rr * gb) * cg + (rr * gg - rg * rg) * cb) * d;
    model.red[i] = ar;
    model.green[i] = ag;
    model.blue[i] = ab;
    model.offset[i] = m - ar * r - ag * g - ab * b;
  }
  return model;
}
