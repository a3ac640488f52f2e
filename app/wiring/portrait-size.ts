import type { Config } from "#app/config.server.ts";

const times = { "1K": 1, "2K": 2, "4K": 4 } as const;

/** A portrait on paper of 4 : 5, pixels; part of its key, so that a larger master is another picture. */
export function portraitSize({ gemini }: Config): { width: number; height: number } {
  const factor = times[gemini?.imageSize ?? "1K"];
  return { width: 1024 * factor, height: 1280 * factor };
}
