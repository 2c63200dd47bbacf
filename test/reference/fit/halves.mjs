/** Where a published run stands: the repository or site, which its source names first. */
export function sourceOf({ source }) {
  return typeof source === 'string' ? (source.split(' ')[0] ?? '') : (source?.repo_or_site ?? '');
}

/**
 * The half that each source belongs to: `fitted` is the half that numbers may be fitted on, `held` the other. Halves are
 * whole sources, so that no source is in both: the sources, smallest first, go in turn to the half that has fewer runs.
 * Runs of quality C take no part.
 */
export function halvesOf(cases) {
  const sizes = new Map();
  for (const one of cases) {
    if (one.quality !== 'C') sizes.set(sourceOf(one), (sizes.get(sourceOf(one)) ?? 0) + 1);
  }
  const order = [...sizes].sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1));
  const halves = new Map();
  const filled = { fitted: 0, held: 0 };
  for (const [source, runs] of order) {
    const half = filled.fitted <= filled.held ? 'fitted' : 'held';
    halves.set(source, half);
    filled[half] += runs;
  }
  return halves;
}
