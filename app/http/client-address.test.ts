import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressSubject, clientAddress } from "./client-address.ts";

describe("the shopper's address", () => {
  it.each([
    ["203.0.113.7", 0, "203.0.113.7"],
    ["1.1.1.1, 203.0.113.7", 0, "203.0.113.7"],
    ["1.1.1.1,203.0.113.7 , 35.0.0.1", 1, "203.0.113.7"],
    ["1.1.1.1, 2.2.2.2, 203.0.113.7, 35.0.0.1, 10.0.0.1", 2, "203.0.113.7"],
    ["203.0.113.7", 1, null],
    ["", 0, null],
    [null, 0, null],
    ["unknown", 0, null],
    ["203.0.113.7:443", 0, null],
    ["203.0.113.7, ", 0, null],
    ["::ffff:203.0.113.7", 0, "203.0.113.7"],
    ["::FFFF:203.0.113.7", 0, "203.0.113.7"],
    ["2001:db8:1:2:3:4:5:6", 0, "2001:db8:1:2::/64"],
    ["2001:0DB8:0001:0002::1", 0, "2001:db8:1:2::/64"],
    ["2001:db8::1", 0, "2001:db8:0:0::/64"],
    ["::1", 0, "0:0:0:0::/64"],
    ["fe80::1%eth0", 0, "fe80:0:0:0::/64"],
  ])("in %j behind %i of our proxies is %j", (header, hops, expected) => {
    expect(clientAddress(header, hops)).toBe(expected);
  });

  it("does not move with whatever a visitor puts in front", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string())), (claimed) => {
        const header = [...claimed.map((text) => text.replaceAll(",", "")), "203.0.113.7"].join(", ");
        expect(clientAddress(header, 0)).toBe("203.0.113.7");
      }),
    );
  });

  it("is one for all addresses of a household's IPv6 network, and another one next door", () => {
    const group = fc.integer({ min: 0, max: 0xffff }).map((n) => n.toString(16));
    const half = fc.array(group, { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(half, half, half, (network, a, b) => {
        const [one, other] = [[...network, ...a].join(":"), [...network, ...b].join(":").toUpperCase()];
        expect(clientAddress(one, 0)).toBe(clientAddress(other, 0));
        const nextDoor = [
          ...network.slice(0, 3),
          ((Number.parseInt(network[3] ?? "0", 16) + 1) % 0x10000).toString(16),
          ...a,
        ];
        expect(clientAddress(nextDoor.join(":"), 0)).not.toBe(clientAddress(one, 0));
      }),
    );
  });

  it("is kept as a keyed hash that gives nothing away", () => {
    const subject = addressSubject("203.0.113.7", "s1");
    expect(subject).toMatch(/^a:[A-Za-z0-9_-]{22}$/);
    expect(addressSubject("203.0.113.7", "s1")).toBe(subject);
    expect(addressSubject("203.0.113.8", "s1")).not.toBe(subject);
    expect(addressSubject("203.0.113.7", "s2")).not.toBe(subject);
    expect(addressSubject(null, "s1")).toBeNull();
  });
});
