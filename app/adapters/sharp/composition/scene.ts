import type { Colours, Plane, Size } from "../raster.ts";

/**
 * What both styles paint from: the pets laid out on the canvas.
 */
export type Scene = {
  size: Size;
  /** Length of a design unit in pixels: 1 on a canvas of 1024 pixels. Every brush is measured in it. */
  unit: number;
  /** Colours of the pets; white where there is none. */
  colours: Colours;
  /** How much pet there is, 0 to 1. */
  alpha: Plane;
  /** Silhouette, 0 to 1, to be drawn as a contour; nothing where a photo was cut off or kept its background. */
  outline: Plane;
  /** Share of the pets whose photo kept its background; 0 to 1. */
  keptShare: number;
};
