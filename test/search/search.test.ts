import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { largest } from '#core/search/bisect.ts';
import { editsFor } from '#core/search/edits.ts';
import { invert } from '#core/search/inverse.ts';
import { defaultLimits, type SearchLimits } from '#core/search/limits.ts';
import { paretoFront } from '#core/search/pareto.ts';
import { jobPlan, searchAll } from '#core/search/search.ts';
import { applyEdits } from '#core/source/span.ts';
import { money } from '#core/units/money.ts';
import { documents, jobOf, plainJob, skyJob, slurmJob } from './jobs.ts';

type Job = Awaited<ReturnType<typeof jobOf>>;

function searchOf(job: Job, limits: Partial<SearchLimits> = {}) {
  const result = searchAll({ ...job.world, spec: job.spec }, job.estimate, { ...defaultLimits, ...limits });
  if ('reason' in result) throw new Error(result.reason);
  return result;
}

const samples = (plan: { microBatch: number; accumulation: number; parallel: { data: number } }) =>
  plan.microBatch * plan.accumulation * plan.parallel.data;

describe('the front', () => {
  it('holds nothing that another beats in both, and beats or meets all the rest', () => {
    const point = fc.record({ cost: fc.integer({ min: 1e3, max: 1e9 }), seconds: fc.integer({ min: 10, max: 1e6 }) });
    fc.assert(
      fc.property(fc.array(point, { maxLength: 60 }), (all) => {
        const front = paretoFront(all);
        const loses = (a: (typeof all)[0], b: (typeof all)[0]) =>
          b.cost < a.cost * 0.97 && b.seconds < a.seconds * 0.97;
        expect(front.some((a) => all.some((b) => loses(a, b)))).toBe(false);
        for (const one of all)
          expect(front.some((best) => best.cost <= one.cost * 1.03 && best.seconds <= one.seconds * 1.03)).toBe(true);
      }),
    );
  });
});

describe('the largest value that holds', () => {
  it('is the one that trying all would find', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.integer({ min: 1, max: 500 }), (limit, high) => {
        const holds = (value: number) => value <= limit;
        const tried = Array.from({ length: high }, (_, at) => at + 1).filter(holds);
        expect(largest(1, high, holds)).toBe(tried.at(-1));
      }),
    );
  });
});

describe.each([
  ['a Slurm job', slurmJob],
  ['a cloud job', skyJob],
  ['a plain loop', plainJob],
])('the search for %s', (_, texts) => {
  it('keeps global batch, number format, limits, and fits everywhere', async () => {
    const job = await jobOf(documents(texts), { accelerator: 'A100-80GB' });
    const plan = jobPlan({ ...job.world, spec: job.spec });
    if ('reason' in plan) throw new Error(plan.reason);
    const { candidates, examined } = searchOf(job, { maximumDevices: 32 });
    expect(candidates.length).toBeGreaterThan(0);
    expect(examined).toBeGreaterThan(candidates.length);
    for (const one of candidates) {
      expect(samples(one.plan)).toBe(samples(plan.plan));
      expect(one.plan.precision).toEqual(plan.plan.precision);
      expect(one.plan.devices).toBeLessThanOrEqual(32);
      expect(one.estimate.memory?.fits).not.toBe('no');
      expect(one.safe).toBe(true);
      expect(one.estimate.cost?.perHour.micros.likely).toBeGreaterThan(0);
    }
  });

  it('finds at its own machines what trying every cut and switch there finds', async () => {
    const job = await jobOf(documents(texts), { accelerator: 'A100-80GB' });
    const own = searchOf(job).candidates.filter(({ place }) => place.current);
    const seconds = (one: { estimate: Job['estimate'] }) => one.estimate.time?.step.likely ?? Number.NaN;
    const perRank = (own[0]?.plan.microBatch ?? 0) * (own[0]?.plan.accumulation ?? 0);
    const tried = [1, 2, 4, 8, 16, 32, 64].filter((micro) => perRank % micro === 0);
    for (const micro of tried) {
      for (const recompute of [true, false]) {
        const estimate = await reestimate(job, micro, perRank / micro, recompute);
        if (estimate.memory?.fits !== 'yes') continue;
        expect(Math.min(...own.map(seconds))).toBeLessThanOrEqual((estimate.time?.step.likely ?? 0) * 1.02);
      }
    }
  });
});

async function reestimate(job: Job, micro: number, accumulation: number, recompute: boolean) {
  const { whatIfs } = await import('#core/what-if.ts');
  return whatIfs(job.world).reestimate([
    { name: 'training.per_device_batch_size', value: micro },
    { name: 'training.gradient_accumulation_steps', value: accumulation },
    { name: 'training.gradient_checkpointing', value: recompute },
  ]);
}

describe('limits', () => {
  it('of time and money hold for every candidate; where nothing can meet them there is none', async () => {
    const job = await jobOf(documents(skyJob));
    const all = searchOf(job).candidates;
    const run = (one: (typeof all)[0]) => one.estimate.time?.run?.likely ?? Number.NaN;
    const total = (one: (typeof all)[0]) => one.estimate.cost?.total?.micros.likely ?? Number.NaN;
    const deadlineHours = Math.min(...all.map(run)) / 3600 + 0.1;
    for (const one of searchOf(job, { deadlineHours }).candidates)
      expect(run(one)).toBeLessThanOrEqual(deadlineHours * 3600);
    const cheapest = Math.min(...all.map(total)) / 1e6;
    const within = searchOf(job, { budget: money(cheapest * 1.05) }).candidates;
    expect(within.length).toBeGreaterThan(0);
    for (const one of within) expect(total(one)).toBeLessThanOrEqual(cheapest * 1.05 * 1e6);
    expect(searchOf(job, { budget: money(cheapest / 100) }).candidates).toEqual([]);
  });

  it('of cloud, card and kind of price hold', async () => {
    const job = await jobOf(documents(skyJob));
    const found = searchOf(job, { clouds: ['gcp'], accelerators: ['L4', 'A100'], kinds: ['spot'] }).candidates;
    expect(found.length).toBeGreaterThan(0);
    for (const { place } of found) {
      expect(place.cloud).toBe('gcp');
      expect(place.kind).toBe('spot');
      expect(place.accelerator.name).toMatch(/^(L4|A100)/);
    }
  });

  it('leave hosts of another kind out unless they are named', async () => {
    const texts = { ...skyJob, 'sky.yaml': (skyJob['sky.yaml'] ?? '').replace('  cloud: aws\n', '') };
    const job = await jobOf(documents(texts));
    const cards = (limits: Partial<SearchLimits>) =>
      searchOf(job, limits).candidates.map(({ place }) => place.accelerator.name);
    expect(cards({}).some((name) => name.startsWith('GH200'))).toBe(false);
    expect(cards({ accelerators: ['GH200'] })).toContain('GH200');
  });

  it('let the number format go only where numerics may change', async () => {
    const job = await jobOf(documents(plainJob), { accelerator: 'A100-80GB' });
    const formats = (keepNumerics: boolean) =>
      new Set(searchOf(job, { keepNumerics }).candidates.map(({ plan }) => plan.precision.compute));
    expect([...formats(true)]).not.toContain('bf16');
    expect([...formats(false)]).toContain('bf16');
  });

  it('keep a loop for one device on one device', async () => {
    const job = await jobOf(documents(plainJob), { accelerator: 'A100-80GB' });
    for (const { plan } of searchOf(job, { maximumDevices: 64 }).candidates) expect(plan.devices).toBe(1);
  });
});

describe.each([
  ['a Slurm job', slurmJob],
  ['a cloud job', skyJob],
])('the edits for %s', (_, texts) => {
  it('make the files say what was estimated', async () => {
    const files = documents(texts);
    const job = await jobOf(files);
    const { candidates } = searchOf(job, { maximumDevices: 16 });
    let written = 0;
    for (const one of candidates) {
      const result = editsFor(job.world, one.changes);
      if ('refused' in result) continue;
      written += 1;
      const after = await jobOf(
        new Map(
          [...files].map(([uri, file]) => [
            uri,
            {
              ...file,
              version: 1,
              text: applyEdits(
                file.text,
                result.edits.filter(({ span }) => span.uri === uri),
              ),
            },
          ]),
        ),
      );
      const plan = jobPlan({ ...after.world, spec: after.spec });
      if ('reason' in plan) throw new Error(plan.reason);
      const { microBatch, accumulation, recompute, devices, accelerator } = one.plan;
      expect(plan.plan).toMatchObject({ microBatch, accumulation, recompute, devices });
      expect(plan.plan.accelerator?.name).toBe(accelerator?.name);
      expect(after.workload.conflicts).toEqual([]);
    }
    expect(written).toBeGreaterThan(0);
  });
});

describe('what fits', () => {
  it('is the edge: it fits, and the next larger value does not', async () => {
    const job = await jobOf(documents(skyJob));
    const ready = jobPlan({ ...job.world, spec: job.spec });
    if ('reason' in ready) throw new Error(ready.reason);
    const { limits, smallest, cheapest } = invert(ready);
    const batch = limits.find(({ id }) => id === 'micro-batch');
    const { whatIfs } = await import('#core/what-if.ts');
    const fits = (value: number) =>
      whatIfs(job.world).reestimate([{ name: 'training.per_device_batch_size', value }]).memory?.fits;
    expect(batch?.sure).toBeGreaterThanOrEqual(1);
    expect(fits(batch?.sure ?? 0)).not.toBe('no');
    expect(fits((batch?.likely ?? 0) + 1)).not.toBe('yes');
    expect(limits.map(({ id }) => id)).toEqual(['micro-batch', 'sequence-length', 'lora-rank']);
    expect(smallest?.accelerator.memory).toBeLessThanOrEqual(job.estimate.memory?.capacity ?? 0);
    expect(cheapest?.perHour?.micros.likely).toBeGreaterThan(0);
  });
});
