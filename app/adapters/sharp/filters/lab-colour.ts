import type { Colours, Plane } from "../raster.ts";

/** CIE L*a*b* (D65) of sRGB, where equal distances look about equally far apart. L from 0 to 100. */
export type LabPlanes = { lightness: Plane; a: Plane; b: Plane };

const steps = 1024;
const linear = Float32Array.from({ length: steps + 1 }, (_, i) => {
  const value = i / steps;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
});

function toLinear(encoded: number): number {
  return linear[encoded <= 0 ? 0 : encoded >= 1 ? steps : Math.round(encoded * steps)]!;
}

function fromLinear(value: number): number {
  return value <= 0.0031308 ? Math.max(0, value) * 12.92 : Math.min(1, 1.055 * value ** (1 / 2.4) - 0.055);
}

export function labPlanes({ red, green, blue }: Colours): LabPlanes {
  const lightness = new Float32Array(red.length);
  const a = new Float32Array(red.length);
  const b = new Float32Array(red.length);
  for (let i = 0; i < red.length; i++) {
    const [l, ca, cb] = labOf(red[i]!, green[i]!, blue[i]!);
    lightness[i] = l;
    a[i] = ca;
    b[i] = cb;
  }
  return { lightness, a, b };
}

export function labOf(red: number, green: number, blue: number): [number, number, number] {
  const r = toLinear(red);
  const g = toLinear(green);
  const b = toLinear(blue);
  const x = bend((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = bend(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = bend((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

export function rgbOfLab(lightness: number, a: number, b: number): [number, number, number] {
  const y = (lightness + 16) / 116;
  const x = unbend(y + a / 500) * 0.9505;
  const z = unbend(y - b / 200) * 1.089;
  const light = unbend(y);
  return [
    fromLinear(3.2406 * x - 1.5372 * light - 0.4986 * z),
    fromLinear(-0.9689 * x + 1.8758 * light + 0.0415 * z),
    fromLinear(0.0557 * x - 0.204 * light + 1.057 * z),
  ];
}

const bend = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
const unbend = (t: number): number => (t > 0.206893 ? t * t * t : (t - 16 / 116) / 7.787);
