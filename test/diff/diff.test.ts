import { describe, expect, it } from 'vitest';
import { diffStates, type State } from '#core/diff/diff.ts';
import { breachesOf } from '#core/diff/policy.ts';
import { type AnalyzeInput, analyze, whatIfInput } from '#core/index.ts';
import { describeJobDiff, phraseTotalsChange } from '#core/report/diff.ts';
import { defaultSettings } from '#core/settings.ts';
import { testCatalog } from '../catalog/load.ts';
import { testSyntax } from '../grammars.ts';
import { documents, skyJob, slurmJob } from '../search/jobs.ts';

const settings = { ...defaultSettings, today: '2026-11-01' };

async function stateOf(texts: Readonly<Record<string, string>>): Promise<State> {
  const input: AnalyzeInput = {
    files: documents(texts),
    syntax: await testSyntax(),
    catalog: testCatalog(),
    settings,
  };
  return { workloads: analyze(input).workloads, worldOf: ({ workload }) => whatIfInput(workload, input) };
}

const edited = (texts: Readonly<Record<string, string>>, name: string, from: string, to: string) => {
  if (!texts[name]?.includes(from)) throw new Error(`no ${from} in ${name}`);
  return { ...texts, [name]: texts[name].replace(from, to) };
};

const none = new Map<string, string>();

describe('two states of the files', () => {
  it('that say the same differ in nothing, whatever moved in the text', async () => {
    const before = await stateOf(slurmJob);
    const after = await stateOf(edited(slurmJob, 'train.py', 'import torch\n', '# a remark\nimport torch\n'));
    expect(diffStates(before, after, none)).toMatchObject({ jobs: [], same: 1 });
  });

  it('name the fact that moves the figures, with what it alone does', async () => {
    const before = await stateOf(slurmJob);
    const changed = edited(slurmJob, 'train.py', 'gradient_checkpointing=True', 'gradient_checkpointing=False');
    const after = await stateOf(edited(changed, 'run.sbatch', '--time=24:00:00', '--time=12:00:00'));
    const { jobs } = diffStates(before, after, none);
    expect(jobs).toHaveLength(1);
    const [job] = jobs;
    if (!job) return;
    expect(job.kind).toBe('changed');
    expect(job.causes.map(({ name }) => name)).toEqual([
      'training.gradient_checkpointing',
      'hardware.time_limit_hours',
    ]);
    expect(job.causes[0]?.effect.timeShare).toBeCloseTo(job.effect?.timeShare ?? Number.NaN, 6);
    expect(job.causes[1]?.effect.timeShare).toBe(0);
    const row = describeJobDiff(job);
    expect(row.causes).toHaveLength(1);
    expect(row.causes[0]).toMatch(/^recompute on → off: -\d+ % cost/);
  });

  it('tell jobs that came and went, and sums on both sides', async () => {
    const before = await stateOf(slurmJob);
    const after = await stateOf(skyJob);
    const diff = diffStates(before, after, none);
    expect(diff.jobs.map(({ kind }) => kind).sort()).toEqual(['added', 'removed']);
    expect(diff.before.jobs).toBe(1);
    expect(phraseTotalsChange(diff)).toMatch(/^\$.* → \$/);
  });

  it('follow a renamed file', async () => {
    const { 'tune.yaml': tune = '', 'sky.yaml': sky = '' } = skyJob;
    const after = { 'llm.yaml': tune, 'sky.yaml': sky.replace('tune.yaml', 'llm.yaml') };
    const renamed = new Map([['file:///work/repo/tune.yaml', 'file:///work/repo/llm.yaml']]);
    const diff = diffStates(await stateOf(skyJob), await stateOf(after), renamed);
    expect(diff.jobs.filter(({ kind }) => kind !== 'changed')).toEqual([]);
  });

  it('are held to the limits of the project', async () => {
    const before = await stateOf(skyJob);
    const after = await stateOf(edited(skyJob, 'tune.yaml', 'max_steps: 1000', 'max_steps: 2000'));
    const diff = diffStates(before, after, none);
    const origin = { kind: 'setting', key: 'flopwise.yaml budget' } as const;
    const strict = { ...settings, budget: { perProject: 0.01, increasePercent: 50, origin } };
    const words = breachesOf(diff, after.workloads, () => strict.budget).map(({ message }) => message);
    expect(words).toHaveLength(2);
    expect(words[0]).toMatch(/^the runs of the project come to \$\d.*; its budget is \$0.01$/);
    expect(words[1]).toMatch(/^\+(9\d|10\d) % cost; at most \+50 % is allowed/);
    const elsewhere = { kind: 'setting', key: 'other/flopwise.yaml budget' } as const;
    const [job] = after.workloads;
    const twice = job ? [job, { ...job, workload: { ...job.workload, id: 'other' } }] : [];
    const apart = (one: (typeof twice)[0]) => ({
      perProject: 0.01,
      origin: one.workload.id === 'other' ? elsewhere : origin,
    });
    expect(breachesOf(diff, twice, apart)).toHaveLength(2);
    const loose = { ...settings, budget: { perProject: 1e6, increasePercent: 200, origin } };
    expect(breachesOf(diff, after.workloads, () => loose.budget)).toEqual([]);
  });
});
