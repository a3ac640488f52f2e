/** Red, green and blue, row by row. */
export type Canvas = { data: Buffer; width: number; height: number };

/** The letters of "fake model", five by seven dots each: no font has to be there, and it looks the same everywhere. */
const letters: Record<string, string[]> = {
  f: ["..##.", ".#...", "####.", ".#...", ".#...", ".#...", ".#..."],
  a: [".....", ".....", ".###.", "....#", ".####", "#...#", ".####"],
  k: ["#....", "#....", "#..#.", "#.#..", "##...", "#.#..", "#..#."],
  e: [".....", ".....", ".###.", "#...#", "#####", "#....", ".###."],
  m: [".....", ".....", "##.#.", "#.#.#", "#.#.#", "#.#.#", "#.#.#"],
  o: [".....", ".....", ".###.", "#...#", "#...#", "#...#", ".###."],
  d: ["....#", "....#", ".####", "#...#", "#...#", "#...#", ".####"],
  l: [".#...", ".#...", ".#...", ".#...", ".#...", ".#...", "..##."],
  " ": [".....", ".....", ".....", ".....", ".....", ".....", "....."],
};

const dot = 2;

export function writeFakeModel({ data, width, height }: Canvas): void {
  const text = "fake model";
  const left = width - text.length * 6 * dot - 16;
  const top = height - 7 * dot - 14;
  for (const [place, letter] of [...text].entries()) write(letters[letter]!, left + place * 6 * dot);

  function write(rows: string[], x: number): void {
    for (const [row, dots] of rows.entries())
      for (const [column, on] of [...dots].entries()) if (on === "#") fillDot(x + column * dot, top + row * dot);
  }

  function fillDot(x: number, y: number): void {
    for (let dy = 0; dy < dot; dy++) data.fill(118, ((y + dy) * width + x) * 3, ((y + dy) * width + x + dot) * 3);
  }
}
