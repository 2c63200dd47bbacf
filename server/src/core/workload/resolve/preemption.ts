import { compact } from '../../catalog/rows.ts';
import { type Known, likely } from '../known.ts';
import type { PreemptionSpec } from '../spec.ts';
import type { FactView } from './fact-view.ts';

/** Readers of files that say what runs a job. */
const platforms: Readonly<Record<string, PreemptionSpec['platform']>> = {
  slurm: 'slurm',
  skypilot: 'skypilot',
  sagemaker: 'sagemaker',
  'sagemaker-python': 'sagemaker',
  'k8s-job': 'kubernetes',
  'kubeflow-job': 'kubernetes',
  jobset: 'kubernetes',
  trainjob: 'kubernetes',
  volcano: 'kubernetes',
  kuberay: 'kubernetes',
};

/** Configs that start anew where they say nothing of resuming. */
const startsAnew = new Set(['axolotl', 'llamafactory', 'torchtune']);
/** Trainers that pass over the batches that a resumed run has seen, or keep their loader's state, unless told otherwise. */
const keepsPlace = new Set(['hf-trainer', 'trl', 'axolotl', 'llamafactory', 'megatron', 'llm-foundry', 'torchtitan']);

/**
 * What the files say of a job whose capacity may be taken back: on spot, or where they speak of requeueing and signals.
 * Undefined for the others.
 */
export function resolvePreemption(facts: FactView, priceKind: Known<string>): PreemptionSpec | undefined {
  const spoken = (['job.requeue', 'job.signal', 'checkpoint.on_signal'] as const).some(
    (name) => facts.get(name) !== undefined,
  );
  if (!spoken && likely(priceKind) !== 'spot') return undefined;
  const { stack, workload } = facts;
  const platform = workload.readings.map(({ reader }) => platforms[reader]).find((one) => one !== undefined) ?? 'other';
  const signalled = facts.get('job.signal') !== undefined;
  // Lightning under Slurm saves on SIGUSR1, requeues itself and finds that save again (SLURMEnvironment, auto_requeue).
  const byItself =
    stack === 'lightning' && platform === 'slurm' && /USR1/i.test(facts.get('job.signal') ?? '') ? true : undefined;
  const framework = <T>(value: T): Known<T> => ({
    kind: 'exact',
    value,
    origin: { kind: 'framework-default', framework: stack, version: 'any' },
  });
  const given = <T>(known: Known<T> | undefined, otherwise: T | undefined): Known<T> | undefined =>
    known ?? (otherwise === undefined ? undefined : framework(otherwise));
  const requeued = facts.maybe('job.requeue') ?? retriesOf(facts);
  const onSignal = facts.get('checkpoint.on_signal');
  const fields = {
    requeued: given(requeued, platform === 'sagemaker' && likely(priceKind) === 'spot' ? true : byItself),
    savesOnNotice: given(
      onSignal === undefined ? undefined : facts.from(heard(onSignal, facts.get('job.signal')), 'checkpoint.on_signal'),
      byItself ?? (signalled || stack === 'hf-trainer' || stack === 'trl' ? false : undefined),
    ),
    noticeSeconds: facts.maybe('job.notice_seconds'),
    resumes: given(facts.maybe('checkpoint.resume'), startsAnew.has(stack) ? false : byItself),
    fixedSave: facts.maybe('checkpoint.resume_from'),
    appendsLogs: facts.maybe('job.append_logs'),
    restoresData: given(facts.maybe('checkpoint.restores_data'), keepsPlace.has(stack) ? true : undefined),
    directory: facts.maybe('checkpoint.output_dir'),
  };
  const mounts = [facts.get('infra.mounts') ?? []].flat();
  return { platform, ...(mounts.length > 0 ? { mounts } : {}), ...compact(fields) };
}

/** Retries that are stated: none of them is none. */
function retriesOf(facts: FactView): Known<boolean> | undefined {
  const [name] = (['job.max_retries', 'job.backoff_limit'] as const).filter((one) => facts.get(one) !== undefined);
  return name === undefined ? undefined : facts.from((facts.get(name) ?? 0) > 0, name);
}

/** True where the program listens to the signal that is sent; Slurm sends SIGTERM by itself where none is named. */
function heard(listens: string, sent: string | undefined): boolean {
  const name = /(?:^|:)(?:SIG)?([A-Z]+\d?|\d+)(?:@|$)/i.exec(sent ?? 'TERM')?.[1]?.toUpperCase() ?? 'TERM';
  const number: Readonly<Record<string, string>> = { '10': 'USR1', '12': 'USR2', '15': 'TERM', '2': 'INT' };
  return listens
    .toUpperCase()
    .split(/\W+/)
    .includes(`SIG${number[name] ?? name}`);
}
