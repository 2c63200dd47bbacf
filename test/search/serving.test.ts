import { describe, expect, it } from 'vitest';
import { editsFor } from '#core/search/edits.ts';
import { invert, type Limit } from '#core/search/inverse.ts';
import { defaultLimits, type SearchLimits } from '#core/search/limits.ts';
import { jobPlan, searchAll } from '#core/search/search.ts';
import { applyEdits } from '#core/source/span.ts';
import { whatIfs } from '#core/what-if.ts';
import { deployment, documents, factoryJob, jobOf, skyJob, skyServer, slurmJob, slurmServer } from './jobs.ts';

type Job = Awaited<ReturnType<typeof jobOf>>;

function searchOf(job: Job, limits: Partial<SearchLimits> = {}) {
  const result = searchAll({ ...job.world, spec: job.spec }, job.estimate, { ...defaultLimits, ...limits });
  if ('reason' in result) throw new Error(result.reason);
  return result;
}

const servers = [
  ['a Deployment', deployment],
  ['a cloud machine', skyServer],
  ['a Slurm job', slurmServer],
] as const;

describe.each(servers)('the search for a server on %s', (_, texts) => {
  it('keeps model, context, replicas and formats; every candidate holds a whole context', async () => {
    const job = await jobOf(documents(texts));
    const { candidates } = searchOf(job, { maximumDevices: 16 });
    expect(candidates.length).toBeGreaterThan(1);
    for (const { spec, estimate, plan, safe } of candidates) {
      expect(spec.model.name).toEqual(job.spec.model.name);
      expect(spec.serving?.maximumLength).toEqual(job.spec.serving?.maximumLength);
      expect(spec.serving?.replicas).toEqual(job.spec.serving?.replicas);
      expect(plan.serving?.weightPrecision).toBe(candidates[0]?.plan.serving?.weightPrecision);
      expect(safe).toBe(true);
      expect(estimate.serving?.fullLengthSequences.likely).toBeGreaterThanOrEqual(1);
      expect(estimate.cost?.perMillionTokens?.micros.likely).toBeGreaterThan(0);
      expect(plan.parallel.tensor).toBeLessThanOrEqual(plan.devices);
    }
  });

  it('is a front of cost a token against the wait for a request', async () => {
    const job = await jobOf(documents(texts));
    const other = searchOf(job, { keepNumerics: false }).candidates.filter(({ place }) => !place.current);
    const point = ({ estimate }: (typeof other)[0]) => ({
      cost: estimate.cost?.perMillionTokens?.micros.likely ?? Number.NaN,
      wait: estimate.serving?.requestSeconds?.likely ?? Number.NaN,
    });
    for (const one of other.map(point))
      for (const another of other.map(point))
        expect(another.cost < one.cost * 0.95 && another.wait < one.wait * 0.95).toBe(false);
    expect(other.some(({ safe }) => !safe)).toBe(true);
  });

  it('writes edits that make the files say what was estimated', async () => {
    const files = documents(texts);
    const job = await jobOf(files);
    let written = 0;
    for (const { changes, plan } of searchOf(job).candidates) {
      const result = editsFor(job.world, changes);
      if ('refused' in result) continue;
      const edited = [...files].map(([uri, file]) => {
        const own = result.edits.filter(({ span }) => span.uri === uri);
        return [uri, { ...file, version: 1, text: applyEdits(file.text, own) }] as const;
      });
      const after = await jobOf(new Map(edited));
      const again = jobPlan({ ...after.world, spec: after.spec });
      if ('reason' in again) throw new Error(again.reason);
      expect(again.plan.accelerator?.name).toBe(plan.accelerator?.name);
      expect(again.plan.parallel.tensor).toBe(plan.parallel.tensor);
      expect(again.plan.serving?.maximumSequences).toBe(plan.serving?.maximumSequences);
      written += 1;
    }
    expect(written).toBeGreaterThan(0);
  });
});

describe('pools of the project', () => {
  const origin = { kind: 'setting', key: 'pools' } as const;
  const pools = {
    cloud: { accelerator: 'H100', perNode: 8, rate: 4, origin },
    'own-a100': { accelerator: 'A100-80GB', perNode: 8, rate: 0.5, origin },
  };
  const queued = { ...slurmJob };
  queued['run.sbatch'] = (slurmJob['run.sbatch'] ?? '').replace(
    '#SBATCH --nodes',
    '#SBATCH --partition=cloud\n#SBATCH --nodes',
  );

  it('are candidates at their own rates, and the queue is written', async () => {
    const job = await jobOf(documents(queued), { pools });
    const { candidates } = searchOf(job);
    const own = candidates.find(({ place, plan }) => place.pool === 'own-a100' && plan.devices === 8);
    expect(own?.estimate.cost?.perHour.micros.likely).toBe(0.5e6 * (own?.plan.devices ?? 0));
    const result = editsFor(job.world, own?.changes ?? []);
    expect('refused' in result ? result.refused : result.edits.map(({ text }) => text).join(' ')).toContain('own-a100');
  });

  it('are left out where the limits name other cards, and for a job that names a cloud', async () => {
    const job = await jobOf(documents(queued), { pools });
    const { candidates } = searchOf(job, { accelerators: ['H100'] });
    expect(candidates.every(({ place }) => place.pool !== 'own-a100')).toBe(true);
    const rented = searchOf(await jobOf(documents(skyJob), { pools })).candidates;
    expect(rented.every(({ place }) => place.pool === undefined)).toBe(true);
  });
});

describe.each([
  ['TRL on Slurm', slurmJob, ['micro-batch', 'sequence-length']],
  ['Axolotl on a cloud', skyJob, ['micro-batch', 'sequence-length', 'lora-rank']],
  ['LLaMA-Factory', factoryJob, ['micro-batch', 'sequence-length', 'lora-rank']],
  ['vLLM in a Deployment', deployment, ['context-length', 'sequences-at-once']],
  ['vLLM on a cloud', skyServer, ['context-length', 'sequences-at-once']],
  ['SGLang on Slurm', slurmServer, ['context-length', 'sequences-at-once']],
] as const)('what fits for %s', (_, texts, asked) => {
  const names = {
    'micro-batch': 'training.per_device_batch_size',
    'sequence-length': 'data.seq_len',
    'lora-rank': 'lora.r',
    'context-length': 'serving.max_model_len',
    'sequences-at-once': undefined,
  } as const;

  it('is the edge of what the estimate says, and the smallest and the cheapest card hold the job', async () => {
    const job = await jobOf(documents(texts), { accelerator: 'A100-80GB:1' });
    const ready = jobPlan({ ...job.world, spec: job.spec });
    if ('reason' in ready) throw new Error(ready.reason);
    const { limits, smallest, cheapest } = invert(ready);
    expect(limits.map(({ id }) => id)).toEqual(asked);
    const { reestimate } = whatIfs(job.world);
    const at = ({ id }: Limit, value: number) => {
      const name = names[id];
      return name === undefined ? job.estimate : reestimate([{ name, value }]);
    };
    for (const limit of limits) {
      const { id, sure, likely, bounded } = limit;
      expect(likely, id).toBeGreaterThanOrEqual(1);
      if (id === 'sequences-at-once')
        expect(likely).toBe(Math.floor(job.estimate.serving?.fullLengthSequences.likely ?? 0));
      else if (id === 'context-length')
        expect(at(limit, likely ?? 0).serving?.fullLengthSequences.likely).toBeGreaterThanOrEqual(1);
      else {
        expect(at(limit, sure ?? 0).memory?.fits).not.toBe('no');
        if (bounded === undefined) expect(at(limit, (likely ?? 0) * 1.5).memory?.fits).not.toBe('yes');
      }
    }
    for (const card of [smallest, cheapest])
      expect(reestimate([{ name: 'hardware.accelerator', value: card?.accelerator.name ?? '' }]).memory?.fits).not.toBe(
        'no',
      );
    expect(smallest?.accelerator.memory).toBeLessThanOrEqual(cheapest?.accelerator.memory ?? 0);
  });
});
