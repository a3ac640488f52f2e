/**
 * What the shop sells, in the shape that Liquid and the Ajax API give: a canvas in 4:5, a mug, and prices in cents. A
 * variant is always sold out, because shops have those.
 */

export type Variant = {
  id: number;
  title: string;
  options: string[];
  price: number;
  available: boolean;
  sku: string;
};

export type Product = {
  id: number;
  handle: string;
  type: string;
  tags: string[];
  /** Option names and values are locale keys of the theme where they can be translated. */
  options: { name: string; values: string[] }[];
  variants: Variant[];
  pictures: { file: string; altKey: string }[];
};

const canvasSizes: [string, number][] = [
  ["8 × 10 in", 3900],
  ["16 × 20 in", 6900],
  ["24 × 30 in", 11900],
];
const frames: [string, number][] = [
  ["Gallery wrap", 0],
  ["Oak frame", 3000],
  ["Black frame", 3000],
];

function canvasVariants(): Variant[] {
  return canvasSizes.flatMap(([size, sizePrice], row) =>
    frames.map(([frame, framePrice], column) => ({
      id: 44_100_001 + row * frames.length + column,
      title: `${size} / ${frame}`,
      options: [size, frame],
      price: sizePrice + framePrice,
      available: !(row === 2 && column === 2),
      sku: `CANVAS-${row + 1}${column + 1}`,
    })),
  );
}

export const products: readonly Product[] = [
  {
    id: 8_100_001,
    handle: "pet-canvas",
    type: "Wall art",
    tags: ["pet-portrait", "canvas"],
    options: [
      { name: "size", values: canvasSizes.map(([size]) => size) },
      { name: "finish", values: frames.map(([frame]) => frame) },
    ],
    variants: canvasVariants(),
    pictures: [
      { file: "canvas-wall.svg", altKey: "products.pet-canvas.alt_wall" },
      { file: "canvas-corner.svg", altKey: "products.pet-canvas.alt_corner" },
    ],
  },
  {
    id: 8_100_002,
    handle: "pet-mug",
    type: "Drinkware",
    tags: ["pet-portrait", "mug"],
    options: [{ name: "size", values: ["11 oz", "15 oz"] }],
    variants: [
      { id: 44_200_001, title: "11 oz", options: ["11 oz"], price: 1800, available: true, sku: "MUG-11" },
      { id: 44_200_002, title: "15 oz", options: ["15 oz"], price: 2200, available: true, sku: "MUG-15" },
    ],
    pictures: [
      { file: "mug-table.svg", altKey: "products.pet-mug.alt_table" },
      { file: "mug-shelf.svg", altKey: "products.pet-mug.alt_shelf" },
    ],
  },
];

/** The product with this handle, or undefined. */
export function productByHandle(handle: string): Product | undefined {
  return products.find((product) => product.handle === handle);
}

/** A variant and its product, or undefined. */
export function variantById(id: number): { product: Product; variant: Variant } | undefined {
  for (const product of products) {
    const variant = product.variants.find((candidate) => candidate.id === id);
    if (variant) return { product, variant };
  }
  return undefined;
}
