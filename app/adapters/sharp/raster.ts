/**
 * Pictures as the filters see them: one `Float32Array` for each channel, row by row, values 0 to 1 unless a filter says
 * otherwise. Plain arrays keep the inner loops fast and let every filter be tested without a codec.
 */
export type Size = { width: number; height: number };

export type Plane = Float32Array;

export type Colours = { red: Plane; green: Plane; blue: Plane };

export function newPlane(size: Size, value = 0): Plane {
  const plane = new Float32Array(size.width * size.height);
  return value === 0 ? plane : plane.fill(value);
}

export function newColours(size: Size, value = 0): Colours {
  return { red: newPlane(size, value), green: newPlane(size, value), blue: newPlane(size, value) };
}

/** The same work on each of the three channels. */
export function eachChannel(colours: Colours, work: (channel: Plane) => Plane): Colours {
  return { red: work(colours.red), green: work(colours.green), blue: work(colours.blue) };
}

/** Perceived lightness of gamma-encoded sRGB (Rec. 709 weights), which is all that a brush needs to know. */
export function luma(colours: Colours): Plane {
  const { red, green, blue } = colours;
  const light = new Float32Array(red.length);
  for (let i = 0; i < light.length; i++) light[i] = 0.2126 * red[i]! + 0.7152 * green[i]! + 0.0722 * blue[i]!;
  return light;
}
