import type { FlowGraph } from "./flow-graph.ts";

/**
 * Minimum cut between two terminals, by the search-tree method of Boykov and Kolmogorov, "An experimental comparison of
 * min-cut/max-flow algorithms for energy minimization in vision", PAMI 2004: two trees grow from source and sink, flow is
 * pushed where they touch, and branches that this cuts off are adopted again instead of being grown anew.
 */
const free = 0;
const sourceTree = 1;
const sinkTree = 2;

const none = -1;
const rooted = -2;
const orphaned = -3;

type Search = FlowGraph & {
  tree: Uint8Array;
  /** The arc from a node to its parent, or one of `none`, `rooted`, `orphaned`. */
  parent: Int32Array;
  /** How far the root is, as known at `stamp`; older knowledge is checked again. */
  depth: Int32Array;
  stamp: Int32Array;
  time: number;
  active: Int32Array;
  isActive: Uint8Array;
  head: number;
  waiting: number;
  orphans: number[];
};

/**
 * Uses up the graph's capacities.
 *
 * @returns 1 for each node on the source's side of the cut, 0 on the sink's; what neither reaches counts as the sink's
 */
export function minimumCut(graph: FlowGraph): Uint8Array {
  const search = plant(graph);
  let meeting = grow(search);
  while (meeting !== none) {
    search.time++;
    push(search, meeting);
    adopt(search);
    meeting = grow(search);
  }
  return search.tree.map((tree) => (tree === sourceTree ? 1 : 0));
}

function plant(graph: FlowGraph): Search {
  const nodes = graph.terminal.length;
  const search: Search = {
    ...graph,
    tree: new Uint8Array(nodes),
    parent: new Int32Array(nodes).fill(none),
    depth: new Int32Array(nodes),
    stamp: new Int32Array(nodes),
    time: 0,
    active: new Int32Array(nodes),
    isActive: new Uint8Array(nodes),
    head: 0,
    waiting: 0,
    orphans: [],
  };
  for (let node = 0; node < nodes; node++) {
    const excess = graph.terminal[node]!;
    if (excess === 0) continue;
    search.tree[node] = excess > 0 ? sourceTree : sinkTree;
    search.parent[node] = rooted;
    search.depth[node] = 1;
    activate(search, node);
  }
  return search;
}

function activate(search: Search, node: number): void {
  if (search.isActive[node] === 1) return;
  search.isActive[node] = 1;
  search.active[(search.head + search.waiting) % search.active.length] = node;
  search.waiting++;
}

/** Grows both trees until they touch. Gives the arc from the source's to the sink's tree, or `none` when all is done. */
function grow(search: Search): number {
  const { tree, to, capacity, nextArc, parent, depth, stamp } = search;
  while (search.waiting > 0) {
    const node = search.active[search.head]!;
    const own = tree[node]!;
    for (let arc = own === free ? none : search.firstArc[node]!; arc !== none; arc = nextArc[arc]!) {
      const out = own === sourceTree ? capacity[arc]! : capacity[arc ^ 1]!;
      if (out <= 0) continue;
      const next = to[arc]!;
      if (tree[next] === free) {
        tree[next] = own;
        parent[next] = arc ^ 1;
        depth[next] = depth[node]! + 1;
        stamp[next] = stamp[node]!;
        activate(search, next);
      } else if (tree[next] !== own) return own === sourceTree ? arc : arc ^ 1;
    }
    search.isActive[node] = 0;
    search.head = (search.head + 1) % search.active.length;
    search.waiting--;
  }
  return none;
}

/** Sends what the path through `meeting` can carry; nodes whose way to the root fills up become orphans. */
function push(search: Search, meeting: number): void {
  const { to, capacity } = search;
  const source = to[meeting ^ 1]!;
  const sink = to[meeting]!;
  const amount = Math.min(capacity[meeting]!, carries(search, source, 1), carries(search, sink, 0));
  capacity[meeting] = capacity[meeting]! - amount;
  capacity[meeting ^ 1] = capacity[meeting ^ 1]! + amount;
  send(search, source, 1, amount);
  send(search, sink, 0, amount);
}

/** What the way between `node` and its root can carry. `towards` is 1 in the source's tree, whose flow runs down. */
function carries(search: Search, node: number, towards: 0 | 1): number {
  let least = Infinity;
  let at = node;
  for (let arc = search.parent[at]!; arc !== rooted; arc = search.parent[at]!) {
    least = Math.min(least, search.capacity[arc ^ towards]!);
    at = search.to[arc]!;
  }
  return Math.min(least, Math.abs(search.terminal[at]!));
}

function send(search: Search, node: number, towards: 0 | 1, amount: number): void {
  const { capacity, terminal, parent, to } = search;
  let at = node;
  for (let arc = parent[at]!; arc !== rooted; arc = parent[at]!) {
    const along = arc ^ towards;
    capacity[along] = capacity[along]! - amount;
    capacity[along ^ 1] = capacity[along ^ 1]! + amount;
    const above = to[arc]!;
    if (capacity[along] <= 0) orphan(search, at);
    at = above;
  }
  terminal[at] = terminal[at]! + (towards === 1 ? -amount : amount);
  if (terminal[at] === 0) orphan(search, at);
}

function orphan(search: Search, node: number): void {
  search.parent[node] = orphaned;
  search.orphans.push(node);
}

/** Finds each orphan the nearest new parent in its own tree, or sets it free and orphans its children. */
function adopt(search: Search): void {
  for (let node = search.orphans.pop(); node !== undefined; node = search.orphans.pop()) {
    const arc = nearestParent(search, node);
    if (arc === none) release(search, node);
    else search.parent[node] = arc;
  }
}

function nearestParent(search: Search, node: number): number {
  const { tree, to, capacity, nextArc } = search;
  const own = tree[node]!;
  let best = none;
  let nearest = Infinity;
  for (let arc = search.firstArc[node]!; arc !== none; arc = nextArc[arc]!) {
    const inward = own === sourceTree ? capacity[arc ^ 1]! : capacity[arc]!;
    if (inward <= 0 || tree[to[arc]!] !== own) continue;
    const depth = depthOf(search, to[arc]!);
    if (depth >= nearest) continue;
    nearest = depth;
    best = arc;
  }
  if (best !== none) {
    search.depth[node] = nearest + 1;
    search.stamp[node] = search.time;
  }
  return best;
}

/** Steps to the root, Infinity for a branch that hangs on an orphan. What was learnt is noted on the way. */
function depthOf(search: Search, node: number): number {
  const { parent, depth, stamp, to, time } = search;
  let steps = 0;
  let at = node;
  while (stamp[at] !== time && parent[at]! >= 0) {
    steps++;
    at = to[parent[at]!]!;
  }
  if (stamp[at] !== time) {
    if (parent[at] !== rooted) return Infinity;
    depth[at] = 1;
    stamp[at] = time;
  }
  const total = depth[at]! + steps;
  let left = total;
  for (at = node; stamp[at] !== time; at = to[parent[at]!]!) {
    depth[at] = left--;
    stamp[at] = time;
  }
  return total;
}

function release(search: Search, node: number): void {
  const { tree, to, capacity, nextArc, parent } = search;
  const own = tree[node]!;
  for (let arc = search.firstArc[node]!; arc !== none; arc = nextArc[arc]!) {
    const next = to[arc]!;
    if (tree[next] !== own) continue;
    const inward = own === sourceTree ? capacity[arc ^ 1]! : capacity[arc]!;
    if (inward > 0) activate(search, next);
    if (parent[next]! >= 0 && to[parent[next]!] === node) orphan(search, next);
  }
  tree[node] = free;
  parent[node] = none;
}
