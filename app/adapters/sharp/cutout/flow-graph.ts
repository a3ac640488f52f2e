/** Nodes between a source and a sink, joined by arcs of limited capacity, in flat arrays: what `minimumCut` cuts. */
export type FlowGraph = {
  /** For each node, capacity from the source minus capacity to the sink. */
  terminal: Float32Array;
  /** Arc `i` runs to node `to[i]`; arcs `i` and `i ^ 1` are each other's way back. */
  to: Int32Array;
  capacity: Float32Array;
  /** First arc of each node, and for each arc the next one of the same node; -1 ends a list. */
  firstArc: Int32Array;
  nextArc: Int32Array;
};

/** An empty graph with room for `edges` edges, to be filled with {@link connect}. */
export function newFlowGraph(nodes: number, edges: number): FlowGraph & { arcs: number } {
  return {
    terminal: new Float32Array(nodes),
    to: new Int32Array(2 * edges),
    capacity: new Float32Array(2 * edges),
    firstArc: new Int32Array(nodes).fill(-1),
    nextArc: new Int32Array(2 * edges),
    arcs: 0,
  };
}

/** Joins two nodes with a capacity each way. */
export function connect(graph: FlowGraph & { arcs: number }, a: number, b: number, forth: number, back: number): void {
  addArc(graph, a, b, forth);
  addArc(graph, b, a, back);
}

function addArc(graph: FlowGraph & { arcs: number }, from: number, to: number, capacity: number): void {
  const arc = graph.arcs++;
  graph.to[arc] = to;
  graph.capacity[arc] = capacity;
  graph.nextArc[arc] = graph.firstArc[from]!;
  graph.firstArc[from] = arc;
}
