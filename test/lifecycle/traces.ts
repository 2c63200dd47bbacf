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

/**
 * A generated trace of a gang: stretches at full strength by a Weibull law of this shape (1: no memory, below: heavy tails),
 * gaps by an exponential one. Times in hours.
 */
export function generatedTrace(options: {
  readonly seed: number;
  readonly shape: number;
  readonly meanUp: number;
  readonly meanDown: number;
  readonly days: number;
  readonly nodes?: number;
  readonly tick?: number;
}): SpotTrace {
  const { seed, shape, meanUp, meanDown, days, nodes = 1, tick = 60 } = options;
  const next = random(seed);
  const scale = meanUp / gamma(1 + 1 / shape);
  const available: number[] = [];
  const ticks = (days * 86_400) / tick;
  let up = true;
  while (available.length < ticks) {
    const hours = up ? scale * (-Math.log(1 - next())) ** (1 / shape) : -Math.log(1 - next()) * meanDown;
    const count = Math.max(1, Math.round((hours * 3600) / tick));
    for (let at = 0; at < count && available.length < ticks; at += 1) available.push(up ? nodes : nodes - 1);
    up = !up;
  }
  return { name: `seed ${seed}`, tick, available };
}

/** The gamma function by Lanczos, for arguments of one and more. */
function gamma(x: number): number {
  const g = [76.18009173, -86.50532, 24.01409824, -1.231739572, 0.1208650973866179e-2, -0.5395239384953e-5];
  const base = x + 5.5 - 1;
  const sum = g.reduce((total, one, at) => total + one / (x + at), 1.000000000190015);
  return Math.exp((x - 1 + 0.5) * Math.log(base) - base) * Math.sqrt(2 * Math.PI) * sum;
}
