/**
 * Money is counted in whole micro-dollars (one millionth of a US dollar), the largest unit in which every price of an
 * image model is a whole number. A double holds them exactly up to nine billion dollars.
 */
export type MicroUsd = number;

/** @throws RangeError when the value is not a whole, safe, non-negative number of micro-dollars. */
export function microUsd(value: number): MicroUsd {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`not a whole number of micro-dollars: ${value}`);
  return value;
}

/** Converts dollars, as a person writes them in a setting, to micro-dollars. */
export function microUsdFromUsd(usd: number): MicroUsd {
  return microUsd(Math.round(usd * 1_000_000));
}

/** `$0.04`, `$12.30`, `$0.000123`: two decimals, and more only where they carry something. */
export function formatMicroUsd(value: MicroUsd): string {
  const cents = value % 10_000 === 0;
  const dollars = value / 1_000_000;
  return `$${cents ? dollars.toFixed(2) : dollars.toFixed(6).replace(/0{1,4}$/, "")}`;
}
