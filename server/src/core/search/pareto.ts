/** Two things that both should be small. */
export interface Scored {
  /** Money in micro-units. */
  readonly cost: number;
  readonly seconds: number;
}

/** Relative differences below this are no reason to prefer one over the other: far below what an estimate can tell. */
const noise = 0.01;

/**
 * What no other is both cheaper and faster than, cheapest first. Of several that differ by less than a hundredth in both,
 * the first given stays, so give the simplest first.
 */
export function paretoFront<T extends Scored>(all: readonly T[]): readonly T[] {
  const sorted = all.map((one, order) => ({ one, order })).sort(byCost);
  const front: T[] = [];
  let fastest = Number.POSITIVE_INFINITY;
  for (const { one } of sorted) {
    if (!(one.seconds < fastest * (1 - noise))) continue;
    front.push(one);
    fastest = one.seconds;
  }
  return front;
}

interface Ordered<T> {
  readonly one: T;
  readonly order: number;
}

/** By cost; within a hundredth by time, then by the order given. Costs are put into hundredths first, so that the order is one. */
function byCost<T extends Scored>(a: Ordered<T>, b: Ordered<T>): number {
  const step = (value: number) => Math.round(Math.log(Math.max(value, 1)) / noise);
  return step(a.one.cost) - step(b.one.cost) || step(a.one.seconds) - step(b.one.seconds) || a.order - b.order;
}
