import { createHmac } from "node:crypto";
import { isIP } from "node:net";

/**
 * The shopper's network address, as far as it can be known. Shopify writes it to the end of `X-Forwarded-For`; proxies of
 * ours behind Shopify append theirs after it. What stands further left was claimed by somebody, so it is never looked at.
 * Only a keyed hash is ever stored.
 *
 * @param hops - how many proxies of ours append to the header; 0 when Shopify calls us directly
 */
export function clientAddress(forwardedFor: string | null, hops: number): string | null {
  const entries = (forwardedFor ?? "").split(",").map((entry) => entry.trim());
  const address = entries.at(-1 - hops) ?? "";
  return isIP(address) === 0 ? null : networkOf(address);
}

/** One household has one IPv6 network of 64 bits and as many addresses in it as it likes. */
function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (isIP(address) === 4) return address;
  const [left = "", right] = address.toLowerCase().split("%")[0]?.split("::") ?? [];
  const leftGroups = left === "" ? [] : left.split(":");
  const rightGroups = right === undefined || right === "" ? [] : right.split(":");
  const zeros =
    right === undefined
      ? []
      : Array.from({ length: Math.max(0, 8 - leftGroups.length - rightGroups.length) }, () => "0");
  const groups = [...leftGroups, ...zeros, ...rightGroups].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(":")}::/64`;
}

/** @returns `a:<hash>`: tells two addresses apart and gives neither away */
export function addressSubject(address: string | null, secret: string): string | null {
  if (address === null) return null;
  return `a:${createHmac("sha256", secret).update(`client-address\n${address}`).digest("base64url").slice(0, 22)}`;
}
