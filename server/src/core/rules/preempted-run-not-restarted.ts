import type { PreemptionPoint } from '../lifecycle/preemption.ts';
import type { SpecChange } from '../readers/reader.ts';
import { trains } from './advice/known.ts';
import { factValueOf, found, type Proposal, propose, statedPlace } from './propose.ts';
import type { Rule, RuleView } from './rule.ts';

/** Seconds to which the notice that is asked for is rounded up. */
const rounded = 30;

/** A run that would go on from its last save, and that nothing starts again or that loses its log or its last minutes. */
export const rule: Rule = {
  id: 'preempted-run-not-restarted',
  meta: {
    title: 'Preempted run is not restarted well',
    severity: 'information',
    tags: ['money'],
    why: 'A run that saves and goes on from its latest save loses minutes when its capacity is taken back, if something starts it again. Left down, it waits for a person, and hours of a reserved place in the queue go with it; with its log overwritten nobody sees why it stopped.',
    evidence:
      'Slurm: sbatch manual (--requeue, --open-mode, --signal), measured by preempting a trainer under a live Slurm: docs/lifecycle.md. SkyPilot: managed jobs, job_recovery. Never reported for a run that would not resume.',
    bad: '#SBATCH --signal=USR1@120\n#SBATCH --no-requeue\nsrun python train.py   # resumes from its latest save',
    good: '#SBATCH --signal=USR1@120\n#SBATCH --requeue\n#SBATCH --open-mode=append\nsrun python train.py',
  },
  check(view) {
    const { preemption } = view.estimate;
    if (!preemption || !trains(view)) return [];
    const stateOf = (point: PreemptionPoint) => preemption.checks.find((one) => one.point === point)?.state;
    // An edit helps only a run that goes on from saves which are still there.
    if (stateOf('resume') !== 'yes' || stateOf('directory') === 'no') return [];
    const span = statedPlace(
      view,
      'job.requeue',
      'hardware.spot',
      'infra.price_kind',
      'job.signal',
      'checkpoint.on_signal',
    );
    if (!span) return [];
    const lacks: Lack[] = [];
    const requeued = stateOf('requeue') === 'yes';
    if (!requeued) lacks.push({ words: 'nothing says that it is started anew', change: restarts(view) });
    const logs = stateOf('logs');
    if (logs !== undefined && logs !== 'yes')
      lacks.push({ words: 'its log may be overwritten', change: { name: 'job.append_logs', value: true } });
    const signal = signalFor(view);
    if (signal !== undefined)
      lacks.push({
        words: 'the signal on which it saves is not asked for',
        change: { name: 'job.signal', value: signal },
      });
    const writable = lacks.filter(({ change }) => !('refused' in view.edit([change])));
    const [first] = lacks;
    if (!first || writable.length === 0) return [];
    const proposal: Proposal = {
      title: requeued ? 'Keep what a restart needs' : 'Start it again after a preemption',
      changes: writable.map(({ change }) => change),
      safe: true,
    };
    const message = `Taken back, this run would go on from its latest save, but ${writable.map(({ words }) => words).join(', and ')}.`;
    return found(rule, span, message, [propose(view, proposal)]);
  },
};

/** The change that has it started anew: retries where the format counts them, else the word for it. */
function restarts(view: RuleView): SpecChange {
  // Kubernetes' own default of a Job, which only backoffLimit: 0 turns off.
  if (factValueOf(view, 'job.backoff_limit') === 0) return { name: 'job.backoff_limit', value: 6 };
  if (factValueOf(view, 'job.max_retries') === 0) return { name: 'job.max_retries', value: 3 };
  return { name: 'job.requeue', value: true };
}

interface Lack {
  readonly words: string;
  readonly change: SpecChange;
}

/** The signal that a Slurm job should ask for: one that the program listens to, as long ahead as a save may take. */
function signalFor(view: RuleView): string | undefined {
  const listens = factValueOf(view, 'checkpoint.on_signal')?.split(',')[0];
  const { spec, estimate } = view;
  if (listens === undefined || factValueOf(view, 'job.signal') !== undefined || spec.preemption?.platform !== 'slurm')
    return undefined;
  const { write } = estimate.checkpoints ?? {};
  const needed = (write?.high ?? 0) + (estimate.time?.step.high ?? 0);
  return `${listens.replace(/^SIG/, '')}@${Math.max(2, Math.ceil(needed / rounded)) * rounded}`;
}
