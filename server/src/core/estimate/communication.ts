import type { DeviceRates } from './compute-rates.ts';
import type { Efficiency } from './efficiency.ts';
import type { Plan } from './plan.ts';

/** A group of ranks as the network sees it. */
export interface Group {
  readonly size: number;
  /** Ranks of the group that share one link domain (node or rack). */
  readonly local: number;
}

/** Latency of one step of a ring, seconds: within a node and between nodes (operator tables: 10-22 us a collective of 8). */
const latency = { local: 1.5e-6, remote: 6e-6 } as const;

/**
 * The group of `size` ranks that lie `stride` apart. Ranks are laid out tensor first, then context, data and pipeline,
 * so that a stride is the product of the degrees inside.
 */
export function groupOf(size: number, stride: number, domain: number): Group {
  const local = Math.max(1, Math.min(size, Math.floor(domain / Math.max(1, stride))));
  return { size, local };
}

/**
 * Bytes per second at which a group moves one full tensor round (bus bandwidth). Inside a domain the link's rate;
 * over several domains every local rank brings its network card, so a ring through whole nodes is as fast as all
 * cards of a node together, and at most the link.
 */
export function busBandwidth(group: Group, rates: DeviceRates, network: number, k: Efficiency): number {
  const link = rates.pcie ? rates.link * k.pcieShare * (2 / Math.max(2, group.local)) : rates.link * k.linkShare;
  if (group.size <= group.local) return link;
  return Math.min(link, group.local * network * k.networkShare);
}

/** Seconds of an all-gather or reduce-scatter of `bytes` in all over a group (ring). */
export function gatherSeconds(bytes: number, group: Group, bandwidth: number): number {
  const p = group.size;
  if (p <= 1 || bytes <= 0) return 0;
  const hop = p <= group.local ? latency.local : latency.remote;
  // Latency grows with the ring inside a node, with its logarithm over nodes (trees).
  const hops = p <= group.local ? p - 1 : group.local + 2 * Math.log2(p / group.local);
  return hops * hop + ((p - 1) / p) * (bytes / bandwidth);
}

/** Seconds of an all-reduce: a reduce-scatter and an all-gather. */
export function reduceSeconds(bytes: number, group: Group, bandwidth: number): number {
  return 2 * gatherSeconds(bytes, group, bandwidth);
}

/**
 * Seconds of an all-to-all that spreads `bytes` of a rank in `reach` copies, of which `remote` leave the domain: those go through
 * the rank's own card, the others over the link.
 */
export function exchangeSeconds(
  bytes: number,
  reach: number,
  remote: number,
  rates: DeviceRates,
  network: number,
  k: Efficiency,
): number {
  if (reach <= 0 || bytes <= 0) return 0;
  const link = rates.pcie ? (rates.link * k.pcieShare) / 2 : rates.link * k.linkShare;
  return Math.max((remote * bytes) / (network * k.networkShare), (reach * bytes) / link) + 20e-6;
}

/** Network card's rate for one device: what the plan knows, else the reference node of the generation. */
export function networkOf(plan: Pick<Plan, 'network'>, rates: DeviceRates): number {
  return plan.network ?? rates.network;
}

/** Devices that the link joins: a node, or a rack where the product is one. */
export function domainOf(plan: Pick<Plan, 'perNode'>, rates: DeviceRates): number {
  return rates.domain > 8 ? rates.domain : Math.max(1, plan.perNode);
}
