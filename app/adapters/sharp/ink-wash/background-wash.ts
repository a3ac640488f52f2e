import { smoothstep } from "../curves.ts";
import { distanceMap } from "../filters/distance-map.ts";
import { fractalNoise } from "../filters/fractal-noise.ts";
import { gaussianBlur } from "../filters/gaussian-blur.ts";
import type { Scene } from "../composition/scene.ts";
import { newPlane, type Plane } from "../raster.ts";
import { seededRandom, seedFor } from "../seeded-random.ts";

/**
 * Density of the loose, watery wash behind the pet. It lies on one side more than on the other, ends partly in a soft
 * bleed and partly in a hard dried rim, and is what makes white fur stand out from white paper.
 */
export function backgroundWash(scene: Scene, seed: number): Plane {
  const { size, unit, alpha } = scene;
  const distance = distanceMap(size, (i) => alpha[i]! > 0.5);
  const large = fractalNoise(size, { cell: 300 * unit, octaves: 5, seed: seedFor(seed, "wash") });
  const bloom = fractalNoise(size, { cell: 120 * unit, octaves: 4, seed: seedFor(seed, "bloom") });
  const random = seededRandom(seedFor(seed, "side"));
  const angle = random.between(0, 2 * Math.PI);
  const reach = random.between(95, 130) * unit;
  const strength = 1 - 0.6 * scene.keptShare;
  const cover = newPlane(size);
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const i = y * size.width + x;
      const lean = Math.cos(angle) * (x / size.width - 0.5) + Math.sin(angle) * (y / size.height - 0.5);
      const edge = Math.min(x, y, size.width - 1 - x, size.height - 1 - y) / unit;
      const border = (edge + 55 * large[i]!) / 150;
      const level =
        0.9 - distance[i]! / (reach * Math.max(0.2, 1 + 2.3 * lean)) + 0.3 * large[i]! - 1.5 * Math.max(0, 1 - border);
      const hard = smoothstep(-0.2, 0.9, bloom[i]!);
      const body = smoothstep(0, 0.9 - 0.78 * hard, level) * smoothstep(6, 45, edge);
      cover[i] = body * Math.max(0.1, 0.52 + 0.17 * bloom[i]! + 0.3 * lean) * strength;
    }
  }
  const around = gaussianBlur(cover, size, 7 * unit);
  for (let i = 0; i < cover.length; i++) {
    const rim = cover[i]! - around[i]!;
    const behind = 1 - 0.82 * alpha[i]!;
    around[i] = Math.max(0, cover[i]! + (rim > 0 ? 0.9 : 0.3) * rim) * behind;
  }
  return around;
}
