/** How a picture lies in the window through which it is looked at. Pixels; x and y from the window's middle. */
export type Magnified = { scale: number; x: number; y: number };
export type Box = { width: number; height: number };
export type Point = { x: number; y: number };

export const closest = 4;
export const whole: Magnified = Object.freeze({ scale: 1, x: 0, y: 0 });

/** The picture as large as the window lets it be, whole. */
export function fitted(picture: Box, window: Box): Box {
  const by = Math.min(window.width / picture.width, window.height / picture.height);
  return { width: picture.width * by, height: picture.height * by };
}

/** Nearer or farther by a factor, so that what lies under the point stays under it. */
export function magnifiedAt(now: Magnified, by: number, point: Point, picture: Box, window: Box): Magnified {
  const scale = between(1, now.scale * by, closest);
  const grown = scale / now.scale;
  const x = point.x - (point.x - now.x) * grown;
  const y = point.y - (point.y - now.y) * grown;
  return within({ scale, x, y }, picture, window);
}

export function moved(now: Magnified, by: Point, picture: Box, window: Box): Magnified {
  return within({ ...now, x: now.x + by.x, y: now.y + by.y }, picture, window);
}

/** No edge of the picture comes into a window that it could fill; where it cannot, it stays in the middle. */
export function within({ scale, x, y }: Magnified, picture: Box, window: Box): Magnified {
  const spareX = Math.max(0, (picture.width * scale - window.width) / 2);
  const spareY = Math.max(0, (picture.height * scale - window.height) / 2);
  return { scale, x: between(-spareX, x, spareX), y: between(-spareY, y, spareY) };
}

/** `+ 0` makes of a negative zero a plain one. */
const between = (least: number, value: number, most: number) => Math.min(most, Math.max(least, value)) + 0;
