/** Where a published run stands: the repository or site, which its source names first. */
export function sourceOf({ source }) {
  return typeof source === 'string' ? (source.split(' ')[0] ?? '') : (source?.repo_or_site ?? '');
}

/** Rates and durations: what the fitted numbers are of. */
const timed = /per_sec|^step_time|^time_per|^wall_hours/;
const kinds = { pretrain: 'pretrain', 'vision-train': 'vision', inference: 'serve', kvcache: 'serve' };

/**
 * The half that each source belongs to: `fitted` is the half that numbers may be fitted on, `held` the other. Halves are
 * whole sources, so that no source is in both; within a kind of work (pre-training, tuning, vision, serving) the sources, smallest
 * first by their runs with a rate or a duration, go in turn to the half that has fewer of those. Runs of quality C take no part.
 */
export function halvesOf(cases) {
  const sources = new Map();
  for (const one of cases) {
    if (one.quality === 'C') continue;
    const source = sources.get(sourceOf(one)) ?? { runs: 0, kinds: new Map() };
    const kind = kinds[one.task] ?? 'tune';
    source.kinds.set(kind, (source.kinds.get(kind) ?? 0) + 1);
    if (Object.keys(one.measured ?? {}).some((key) => timed.test(key))) source.runs += 1;
    sources.set(sourceOf(one), source);
  }
  const kindOf = (source) => [...source.kinds].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0][0];
  const order = [...sources].sort((a, b) => a[1].runs - b[1].runs || (a[0] < b[0] ? -1 : 1));
  const halves = new Map();
  const filled = new Map();
  for (const [name, source] of order) {
    const kind = kindOf(source);
    const of = filled.get(kind) ?? { fitted: 0, held: 0 };
    const half = of.fitted <= of.held ? 'fitted' : 'held';
    halves.set(name, half);
    of[half] += source.runs;
    filled.set(kind, of);
  }
  return halves;
}
