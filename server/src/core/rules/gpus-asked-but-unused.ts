import type { Fact } from '../facts/fact.ts';
import type { SpecChange } from '../readers/reader.ts';
import { spanOf } from '../source/traced.ts';
import { nameOf } from './advice/place.ts';
import { found, type Proposal, type Proposed, propose } from './propose.ts';
import type { Rule, RuleView } from './rule.ts';

/** A count of GPUs that is asked for, and another that is used. */
interface Pair {
  readonly asked: Fact;
  readonly used: Fact;
}

/** A job that is given other GPUs than its launcher starts processes for. */
export const rule: Rule = {
  id: 'gpus-asked-but-unused',
  meta: {
    title: 'GPUs are asked for and not used',
    severity: 'warning',
    tags: ['money', 'waste'],
    why: 'A scheduler gives and bills the GPUs that a job asks for, used or not; a launcher starts a process for as many as it is told. Where it starts fewer, the rest is paid for and stands idle; where it starts more, the run stops at its start.',
    evidence:
      'torchrun, accelerate and deepspeed start one process a GPU, by their own count (`--nproc_per_node`, `num_processes`); Slurm, Kubernetes and the clouds bill the request.',
    bad: '#SBATCH --gres=gpu:8        # job.sbatch\ntorchrun --nproc_per_node=4 train.py',
    good: '#SBATCH --gres=gpu:8        # job.sbatch\ntorchrun --nproc_per_node=8 train.py',
  },
  check(view) {
    const pair = pairOf(view);
    if (!pair) return [];
    const [span, other] = [spanOf(pair.used.origin), spanOf(pair.asked.origin)];
    const [asked, used] = [Number(pair.asked.value), Number(pair.used.value)];
    if (!span || !other || span.start === other.start) return [];
    const where = span.uri === other.uri ? 'the job asks for' : `${nameOf(other.uri)} asks for`;
    const idle = asked > used;
    const says = idle
      ? asked - used === 1
        ? 'one of them is billed and stands idle'
        : `${asked - used} of them are billed and stand idle`
      : 'the processes beyond them find no device and the run stops';
    const more = {
      saving: {},
      related: [{ span: other, message: `Asks for ${asked}.` }],
      severity: idle ? 'warning' : 'error',
    } as const;
    const message = `Starts ${used} ${used === 1 ? 'process' : 'processes'} a node where ${where} ${asked} GPUs: ${says}.`;
    return found(rule, span, message, fixesOf(view, pair), more);
  },
};

/** The two counts of one node, where both are stated and more than one process is started. */
function pairOf({ workload }: RuleView): Pair | undefined {
  const stated = (name: string) => workload.facts.find((one) => one.name === name && one.origin.kind === 'code');
  const conflict = workload.conflicts.find(({ name }) => name === 'hardware.gpus_per_node');
  const asked = conflict?.holds ?? stated('hardware.gpus_per_node');
  const used = conflict?.against ?? stated('hardware.processes_per_node');
  if (!asked || !used || typeof asked.value !== 'number' || typeof used.value !== 'number') return undefined;
  // One process may drive several devices itself.
  return asked.value === used.value || (used.value < 2 && !conflict) ? undefined : { asked, used };
}

/** Asking for what is used, and using what is asked for; each written into the file that has to change. */
function fixesOf(view: RuleView, { asked, used }: Pair): readonly Proposed[] {
  const [place, other] = [spanOf(used.origin), spanOf(asked.origin)];
  if (!place || !other) return [];
  const set = (fact: Fact, value: Fact['value']) => [{ name: fact.name, value } as SpecChange];
  const fewer: Proposal = {
    title: `Ask for ${String(used.value)} ${used.value === 1 ? 'GPU' : 'GPUs'} a node`,
    changes: set(asked, used.value),
    written: { changes: set(asked, used.value), uri: other.uri },
    safe: false,
    effect: 'changes hardware',
  };
  const all: Proposal = {
    title: `Start ${String(asked.value)} processes a node`,
    changes: [{ name: 'hardware.processes_per_node', value: Number(asked.value) }],
    written: { changes: set(used, asked.value), uri: place.uri },
    safe: false,
    effect: 'changes the global batch',
  };
  return [fewer, all].map((one) => propose(view, one));
}
