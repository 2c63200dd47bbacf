import type { SpotTrace } from '#core/lifecycle/trace.ts';

/** Numbers of one seed, the same on every machine (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** How capacity comes and goes: a Weibull law of this shape (1: no memory, below: heavy tails), gaps by an exponential one. */
export interface CapacityLaw {
  readonly seed: number;
  readonly shape: number;
  /** Mean hours at hand of one node, and without it. */
  readonly meanUp: number;
  readonly meanDown: number;
  readonly days: number;
  /** Nodes that come and go each for itself; a gang needs all. */
  readonly nodes?: number;
  /** Spells of good and bad days, for all nodes at once: stretches are longer or shorter by the factor, and change after so many days in the mean. */
  readonly spells?: { readonly factor: number; readonly days: number };
  /** Seconds between two looks. */
  readonly tick?: number;
}

/** A generated trace: how many of some nodes are at hand at each tick. */
export function generatedTrace(law: CapacityLaw): SpotTrace {
  const { seed, days, nodes = 1, tick = 60 } = law;
  const next = random(seed);
  const ticks = Math.round((days * 86_400) / tick);
  const good = spellsOf(law, ticks, next);
  const available = new Uint16Array(ticks);
  for (let node = 0; node < nodes; node += 1) {
    let from = 0;
    for (let up = true; from < ticks; up = !up) {
      const to = from + Math.max(1, Math.round((stretchOf(law, up, good[from] === 1, next) * 3600) / tick));
      if (up) for (let at = from; at < Math.min(to, ticks); at += 1) available[at] = (available[at] ?? 0) + 1;
      from = to;
    }
  }
  return { name: `seed ${seed}`, tick, available: [...available] };
}

/** Hours of one stretch; a good spell makes those at hand longer, a bad one shorter. */
function stretchOf(
  { shape, meanUp, meanDown, spells }: CapacityLaw,
  up: boolean,
  good: boolean,
  next: () => number,
): number {
  const chance = -Math.log(1 - next());
  if (!up) return chance * meanDown;
  const by = spells ? (good ? spells.factor : 1 / spells.factor) : 1;
  return ((by * meanUp) / gamma(1 + 1 / shape)) * chance ** (1 / shape);
}

/** Ticks of good spells as 1, of bad ones as 0. */
function spellsOf({ spells, tick = 60 }: CapacityLaw, ticks: number, next: () => number): Uint8Array {
  const found = new Uint8Array(ticks);
  if (!spells) return found;
  let from = 0;
  for (let good = next() < 0.5; from < ticks; good = !good) {
    const to = from + Math.max(1, Math.round((-Math.log(1 - next()) * spells.days * 86_400) / tick));
    if (good) found.fill(1, from, Math.min(to, ticks));
    from = to;
  }
  return found;
}

/** The gamma function by Lanczos, for arguments of one and more. */
function gamma(x: number): number {
  const g = [76.18009173, -86.50532, 24.01409824, -1.231739572, 0.1208650973866179e-2, -0.5395239384953e-5];
  const base = x + 5.5 - 1;
  const sum = g.reduce((total, one, at) => total + one / (x + at), 1.000000000190015);
  return Math.exp((x - 1 + 0.5) * Math.log(base) - base) * Math.sqrt(2 * Math.PI) * sum;
}
