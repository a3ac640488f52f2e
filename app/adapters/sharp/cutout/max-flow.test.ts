import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { connect, newFlowGraph } from "./flow-graph.ts";
import { minimumCut } from "./max-flow.ts";

type Edge = { from: number; to: number; forth: number; back: number };
type Network = { terminals: number[]; edges: Edge[] };

const networks: fc.Arbitrary<Network> = fc.integer({ min: 2, max: 8 }).chain((nodes) => {
  const node = fc.integer({ min: 0, max: nodes - 1 });
  const capacity = fc.integer({ min: 0, max: 9 });
  const edge = fc
    .record({ from: node, to: node, forth: capacity, back: capacity })
    .filter(({ from, to }) => from !== to);
  return fc.record({
    terminals: fc.array(fc.integer({ min: -9, max: 9 }), { minLength: nodes, maxLength: nodes }),
    edges: fc.array(edge, { maxLength: 20 }),
  });
});

/** What it costs to put the nodes where `onSource` says. */
function costOf({ terminals, edges }: Network, onSource: (node: number) => boolean): number {
  const ends = terminals.reduce((sum, excess, node) => {
    if (onSource(node)) return sum + Math.max(0, -excess);
    return sum + Math.max(0, excess);
  }, 0);
  return edges.reduce((sum, { from, to, forth, back }) => {
    if (onSource(from) && !onSource(to)) return sum + forth;
    return onSource(to) && !onSource(from) ? sum + back : sum;
  }, ends);
}

function cheapest(network: Network): number {
  let least = Infinity;
  for (let choice = 0; choice < 2 ** network.terminals.length; choice++) {
    least = Math.min(
      least,
      costOf(network, (node) => ((choice >> node) & 1) === 1),
    );
  }
  return least;
}

function cutOf({ terminals, edges }: Network): Uint8Array {
  const graph = newFlowGraph(terminals.length, edges.length);
  graph.terminal.set(terminals);
  for (const { from, to, forth, back } of edges) connect(graph, from, to, forth, back);
  return minimumCut(graph);
}

describe("the minimum cut", () => {
  it("costs as little as the cheapest of all possible cuts", () => {
    fc.assert(
      fc.property(networks, (network) => {
        const cut = cutOf(network);
        expect(costOf(network, (node) => cut[node] === 1)).toBe(cheapest(network));
      }),
      { numRuns: 1500 },
    );
  });

  it("goes through the weakest link of a chain", () => {
    const chain = [5, 2, 4].map((forth, from) => ({ from, to: from + 1, forth, back: forth }));
    expect([...cutOf({ terminals: [9, 0, 0, -9], edges: chain })]).toEqual([1, 1, 0, 0]);
  });
});
