import type { LabPlanes } from "../filters/lab-colour.ts";
import type { Size } from "../raster.ts";
import { belief } from "./border-prior.ts";
import { fitGaussianMixture, logLikelihood, type GaussianMixture } from "./gaussian-mixture.ts";
import { connect, newFlowGraph } from "./flow-graph.ts";
import { minimumCut } from "./max-flow.ts";

const clouds = 5;
/** How dear it is to cut between two equal neighbours, against the log-likelihoods of colours. */
const smoothness = 50;
/** Stands for "never". */
const sure = 1e4;
/** Neighbours that each pixel is joined to; the other four are joined from their own side. */
const neighbours = [
  { dx: 1, dy: 0 },
  { dx: 0, dy: 1 },
  { dx: 1, dy: 1 },
  { dx: -1, dy: 1 },
] as const;

/**
 * Pet (1) or background (0) for each pixel: colour models of both sides and the cheapest cut between them, in turns,
 * until they agree. Rother, Kolmogorov and Blake, "GrabCut", SIGGRAPH 2004.
 */
export function grabCut(lab: LabPlanes, size: Size, beliefs: Uint8Array, rounds: number): Uint8Array {
  const links = neighbourLinks(lab, size);
  let labels = beliefs.map((believed) => (believed >= belief.maybePet ? 1 : 0));
  for (let round = 0; round < rounds; round++) {
    const pet = mixtureOf(lab, labels, 1);
    const background = mixtureOf(lab, labels, 0);
    if (pet.length === 0 || background.length === 0) return labels;
    const cut = cutOnce(lab, size, { beliefs, links, pet, background });
    const changed = cut.reduce((count, label, i) => count + (label === labels[i] ? 0 : 1), 0);
    labels = cut;
    if (changed < labels.length / 2000) break;
  }
  return labels;
}

type CutInput = { beliefs: Uint8Array; links: Float32Array[]; pet: GaussianMixture; background: GaussianMixture };

function cutOnce(lab: LabPlanes, size: Size, { beliefs, links, pet, background }: CutInput): Uint8Array<ArrayBuffer> {
  const { width, height } = size;
  const graph = newFlowGraph(width * height, width * height * neighbours.length);
  for (let i = 0; i < beliefs.length; i++) {
    const believed = beliefs[i]!;
    if (believed === belief.surelyPet) graph.terminal[i] = sure;
    else if (believed === belief.surelyBackground) graph.terminal[i] = -sure;
    else graph.terminal[i] = evidence(lab, i, pet) - evidence(lab, i, background);
  }
  neighbours.forEach(({ dx, dy }, n) => {
    const link = links[n]!;
    for (let y = 0; y + dy < height; y++) {
      for (let x = Math.max(0, -dx); x + dx < width && x < width; x++) {
        const i = y * width + x;
        connect(graph, i, i + dy * width + dx, link[i]!, link[i]!);
      }
    }
  });
  return minimumCut(graph) as Uint8Array<ArrayBuffer>;
}

function evidence({ lightness, a, b }: LabPlanes, i: number, mixture: GaussianMixture): number {
  return Math.max(-60, logLikelihood(mixture, lightness[i]!, a[i]!, b[i]!));
}

function mixtureOf({ lightness, a, b }: LabPlanes, labels: Uint8Array, label: number): GaussianMixture {
  const members = labels.reduce((count, other) => count + (other === label ? 1 : 0), 0);
  if (members < 50) return [];
  const values = new Float32Array(members * 3);
  let at = 0;
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== label) continue;
    values[at++] = lightness[i]!;
    values[at++] = a[i]!;
    values[at++] = b[i]!;
  }
  return fitGaussianMixture({ values, dimensions: 3 }, { count: clouds, seed: 11 + label });
}

/** For each of the four kinds of neighbours: how dear the cut is, less the more their colours differ. */
function neighbourLinks({ lightness, a, b }: LabPlanes, { width, height }: Size): Float32Array[] {
  const squares = neighbours.map(() => new Float32Array(width * height));
  let sum = 0;
  let count = 0;
  neighbours.forEach(({ dx, dy }, n) => {
    for (let y = 0; y + dy < height; y++) {
      for (let x = Math.max(0, -dx); x + dx < width && x < width; x++) {
        const i = y * width + x;
        const j = i + dy * width + dx;
        const square = (lightness[i]! - lightness[j]!) ** 2 + (a[i]! - a[j]!) ** 2 + (b[i]! - b[j]!) ** 2;
        squares[n]![i] = square;
        sum += square;
        count++;
      }
    }
  });
  const beta = 1 / Math.max(1e-6, (2 * sum) / count);
  return squares.map((plane, n) => {
    const reach = n < 2 ? 1 : Math.SQRT2;
    return plane.map((square) => (smoothness / reach) * Math.exp(-beta * square));
  });
}
