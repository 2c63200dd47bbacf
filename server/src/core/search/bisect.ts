/** The largest whole number from `low` to `high` that holds, where all below one that holds hold too; undefined where not even `low` does. */
export function largest(low: number, high: number, holds: (value: number) => boolean): number | undefined {
  if (low > high || !holds(low)) return undefined;
  let [from, to] = [low, low];
  // Doubling first: what is asked is mostly near the low end of a wide range.
  while (from < high) {
    to = Math.min(high, from * 2);
    if (!holds(to)) break;
    from = to;
  }
  while (from + 1 < to) {
    const middle = (from + to) >> 1;
    if (holds(middle)) from = middle;
    else to = middle;
  }
  return from;
}
