import type { Plane, Size } from "../raster.ts";
import type { EdgeFlow } from "./edge-flow.ts";
import { gaussianKernel } from "./gaussian-blur.ts";

/** Below this coverage a pixel is not painted, and not worth the walk. */
export const unpainted = 1 / 512;

/**
 * Smooths planes along the flow, so that everything becomes strands that follow the fur: line integral convolution
 * (Cabral and Leedom, SIGGRAPH 1993) with Gaussian weights.
 *
 * @param sigma - along the flow, pixels
 * @param mask - only pixels with some coverage are worked on; the others are copied
 */
export function smoothAlongFlow(
  planes: Plane[],
  size: Size,
  flow: EdgeFlow,
  options: { sigma: number; mask: Plane },
): Plane[] {
  const kernel = gaussianKernel(options.sigma).subarray(0, 1 + Math.ceil(2 * options.sigma));
  const results = planes.map((plane) => plane.slice());
  const path = new Int32Array(2 * kernel.length);
  const weights = new Float32Array(2 * kernel.length);
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const at = y * size.width + x;
      if (options.mask[at]! < unpainted) continue;
      const steps = tracePath(size, flow, { x, y, kernel, path, weights });
      for (let p = 0; p < planes.length; p++) results[p]![at] = meanOnPath(planes[p]!, path, weights, steps);
    }
  }
  return results;
}

type Trace = { x: number; y: number; kernel: Float32Array; path: Int32Array; weights: Float32Array };

/** Walks one pixel at a time both ways from the start and writes down where it came; ends at the picture's edge. */
function tracePath({ width, height }: Size, flow: EdgeFlow, trace: Trace): number {
  const { kernel, path, weights } = trace;
  const start = trace.y * width + trace.x;
  path[0] = start;
  weights[0] = kernel[0]!;
  let steps = 1;
  for (let way = -1; way <= 1; way += 2) {
    let px = trace.x;
    let py = trace.y;
    let dx = flow.x[start]! * way;
    let dy = flow.y[start]! * way;
    for (let i = 1; i < kernel.length; i++) {
      px += dx;
      py += dy;
      if (px < -0.5 || py < -0.5 || px >= width - 0.5 || py >= height - 0.5) break;
      const nx = (px + 0.5) | 0;
      const ny = (py + 0.5) | 0;
      const at = ny * width + nx;
      path[steps] = at;
      weights[steps] = kernel[i]!;
      steps++;
      const fx = flow.x[at]!;
      const fy = flow.y[at]!;
      // A flow has no front and back: keep going the way we came.
      const forward = fx * dx + fy * dy < 0 ? -1 : 1;
      dx = fx * forward;
      dy = fy * forward;
    }
  }
  return steps;
}

function meanOnPath(plane: Plane, path: Int32Array, weights: Float32Array, steps: number): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < steps; i++) {
    sum += plane[path[i]!]! * weights[i]!;
    total += weights[i]!;
  }
  return sum / total;
}
