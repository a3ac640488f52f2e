import type { Clock } from "#app/kernel/clock.ts";
import { failed, ok, skipped, warning, type Check, type Looked } from "./finding.ts";

/** Shopify's signatures are taken for 90 seconds around their time, and signed addresses count from ours. */
const failsAtMs = 60_000;
const warnsAtMs = 5_000;

const setTheClock = "Let the machine set its clock from the network (NTP).";

/**
 * Compares this machine's clock with what well-known servers say in their `Date`. It is told to the second, so less than
 * two are nothing.
 */
export function clockCheck({ clock, hosts }: { clock: Clock; hosts: string[] }): Check {
  return {
    name: "clock",
    async look(signal) {
      for (const host of hosts) {
        const skewMs = await skewAgainst(host, clock, signal).catch(() => undefined);
        if (skewMs !== undefined) return sayOf(skewMs, host);
      }
      return skipped(`none of ${hosts.join(", ")} can be reached to compare with`);
    },
  };
}

/** @returns milliseconds by which our clock is ahead, or undefined where the server does not say */
async function skewAgainst(host: string, clock: Clock, signal: AbortSignal): Promise<number | undefined> {
  const sentAtMs = clock.nowMs();
  const response = await fetch(host, { method: "HEAD", redirect: "manual", signal });
  const toldMs = Date.parse(response.headers.get("Date") ?? "");
  if (Number.isNaN(toldMs)) return undefined;
  const halfWayMs = (sentAtMs + clock.nowMs()) / 2;
  // The seconds that are told have been cut, so half of one is missing on average.
  return Math.round(halfWayMs - toldMs - 500);
}

function sayOf(skewMs: number, host: string): Looked {
  const seconds = (Math.abs(skewMs) / 1000).toFixed(1);
  const said = `${seconds} s ${skewMs < 0 ? "behind" : "ahead of"} ${new URL(host).host}`;
  if (Math.abs(skewMs) >= failsAtMs) return failed(said, `Shopify's signatures will be refused. ${setTheClock}`);
  return Math.abs(skewMs) >= warnsAtMs ? warning(said, setTheClock) : ok(said);
}
