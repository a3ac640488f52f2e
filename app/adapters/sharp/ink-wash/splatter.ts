import { smoothstep } from "../curves.ts";
import type { Scene } from "../composition/scene.ts";
import { newPlane, type Plane } from "../raster.ts";
import { seededRandom } from "../seeded-random.ts";

/** Drops that fell from the brush: density of ink, mostly outside of the pet. */
export function splatter(scene: Scene, seed: number): Plane {
  const { size, unit, alpha } = scene;
  const random = seededRandom(seed);
  const drops = newPlane(size);
  const centre = { x: random.between(0.2, 0.8) * size.width, y: random.between(0.15, 0.6) * size.height };
  const count = 46 + random.below(30);
  for (let drop = 0; drop < count; drop++) {
    const angle = random.between(0, 2 * Math.PI);
    const away = random.between(0.12, 0.62) * size.width;
    const x = within(size.width, centre.x + Math.cos(angle) * away);
    const y = within(size.height, centre.y + Math.sin(angle) * away * 1.1);
    const radius = (0.8 + 7.5 * random.next() ** 4) * unit;
    const density = random.between(0.25, 1.1);
    addDrop(drops, scene, { x, y, radius, density, squash: random.between(0.8, 1.2) });
  }
  for (let i = 0; i < drops.length; i++) drops[i] = drops[i]! * (1 - smoothstep(0, 0.4, alpha[i]!));
  return drops;
}

/** Off the sheet's edge, where a frame would cut drops in half: those that fell too far are mirrored back. */
function within(length: number, at: number): number {
  const margin = 0.035 * length;
  const mirrored = at < margin ? 2 * margin - at : at > length - margin ? 2 * (length - margin) - at : at;
  return Math.max(margin, Math.min(length - margin, mirrored));
}

type Drop = { x: number; y: number; radius: number; density: number; squash: number };

function addDrop(drops: Plane, { size, unit }: Scene, { x, y, radius, density, squash }: Drop): void {
  const reach = Math.ceil(radius * 1.4 + 2);
  const soft = 0.9 * unit;
  for (let py = Math.max(0, Math.floor(y - reach)); py < Math.min(size.height, y + reach); py++) {
    for (let px = Math.max(0, Math.floor(x - reach)); px < Math.min(size.width, x + reach); px++) {
      const distance = Math.hypot((px - x) * squash, (py - y) / squash);
      const inside = smoothstep(radius + soft, radius - soft, distance);
      const rim = smoothstep(radius * 0.45, radius, distance);
      const i = py * size.width + px;
      drops[i] = Math.max(drops[i]!, density * inside * (0.62 + 0.5 * rim));
    }
  }
}
