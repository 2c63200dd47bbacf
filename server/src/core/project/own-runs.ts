import type { Comparison, OwnRun } from '../estimate/calibration.ts';
import type { Settings } from '../settings.ts';
import type { Checked } from './check.ts';

/** Runs of one's own that the project file lists, with what was predicted of them. */
export function ownRunsOf(root: Checked): Pick<Settings, 'ownRuns'> {
  const ownRuns = (root.entries?.get('own_runs')?.items ?? []).flatMap((node): readonly OwnRun[] => {
    const accelerator = node.entries?.get('accelerator')?.text;
    const step = comparison(node.entries?.get('step_seconds'));
    const memory = comparison(node.entries?.get('memory_gib'));
    if (accelerator === undefined || (!step && !memory)) return [];
    return [{ accelerator, ...(step && { step }), ...(memory && { memory }) }];
  });
  return ownRuns.length > 0 ? { ownRuns } : {};
}

function comparison(node: Checked | undefined): Comparison | undefined {
  const predicted = node?.entries?.get('predicted')?.number;
  const measured = node?.entries?.get('measured')?.number;
  return predicted === undefined || measured === undefined ? undefined : { predicted, measured };
}
