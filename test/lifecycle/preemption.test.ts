import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { PreemptionEstimate } from '#core/estimate/estimate.ts';
import { checkPreemption, durabilityOf, mostLost, type PreemptionFacts } from '#core/lifecycle/preemption.ts';
import { describePreemption, preemptionRow } from '#core/report/preemption.ts';
import { sayIn } from '#core/report/words.ts';
import { seconds } from '#core/units/quantity.ts';

/** A Slurm job that has everything. */
const ready: PreemptionFacts = {
  platform: 'slurm',
  saves: true,
  requeued: true,
  noticeSeconds: 120,
  savesOnNotice: true,
  writeSeconds: { likely: 20, high: 60 },
  resumes: true,
  durability: 'lasting',
  appendsLogs: true,
  restoresData: true,
  interval: 'within',
};
const told = (facts: PreemptionFacts, more: Partial<PreemptionEstimate> = {}) =>
  describePreemption({ checks: checkPreemption(facts), ...more });

describe('the checklist', () => {
  test('of a job that is ready', () => {
    expect(told(ready, { noticeSeconds: 120 })).toEqual([
      'yes: started anew',
      'yes: saves when told (2 min before the end)',
      'yes: goes on from its latest save',
      'yes: saves outlive the machine',
      'yes: log goes on',
      'yes: data goes on where it stood',
      'yes: interval within 1 % of the best',
    ]);
  });

  test('of a job that says nothing leaves everything open', () => {
    expect(checkPreemption({ platform: 'slurm' }).map(({ state }) => state)).toEqual(Array(7).fill('unknown'));
    expect(checkPreemption({ platform: 'skypilot' }).map(({ point }) => point)).not.toContain('logs');
  });

  test.each([
    [{ saves: false }, 'no: it saves nothing, so it starts over'],
    [{ fixedSave: 'out/checkpoint-500' }, 'no: it starts from one fixed save, not from the latest'],
    [{ durability: 'local' }, 'no: saves in /tmp/run go with the machine'],
    [{ noticeSeconds: 10 }, 'no: a save takes longer than the notice (10 s before the end)'],
    [{ noticeSeconds: 30 }, 'yes: saves when told (30 s before the end); on slow storage the save takes longer'],
    [{ interval: 'too-rarely' }, 'no: it saves so rarely that preemptions cost more than 1 % over the best'],
  ] as const)('%o', (change, line) => {
    const facts: PreemptionFacts = { ...ready, ...change };
    expect(told(facts, { directory: '/tmp/run', noticeSeconds: facts.noticeSeconds ?? 0 })).toContain(line);
  });

  test('of SkyPilot tells that a managed job is started anew', () => {
    const checks = checkPreemption({ platform: 'skypilot' });
    expect(describePreemption({ platform: 'skypilot', checks })[0]).toMatch(/sky jobs launch/);
  });

  test('in a row', () => {
    const checks = checkPreemption({ ...ready, requeued: false, appendsLogs: false });
    expect(preemptionRow({ checks })).toEqual({
      label: 'preemption',
      value: '5 of 7 points in place',
      note: 'nothing starts it anew; the log is overwritten',
    });
  });
});

test.each(['de', 'zh-cn'])('is said in %s, every point in every state', (language) => {
  const path = new URL(`../../l10n/bundle.l10n.${language}.json`, import.meta.url);
  const say = sayIn(JSON.parse(readFileSync(path, 'utf8')), language);
  const changes: readonly Partial<PreemptionFacts>[] = [
    { platform: 'skypilot' },
    { saves: false },
    ...[10, 30, 120].map((noticeSeconds) => ({ noticeSeconds })),
    { fixedSave: 'out/checkpoint-500' },
    { durability: 'local' },
    { interval: 'too-often' },
    { interval: 'too-rarely' },
    { interval: 'failures-alone' },
    { requeued: false, savesOnNotice: false, resumes: false, appendsLogs: false, restoresData: false },
  ];
  const all = [
    { platform: 'slurm' as const },
    { platform: 'skypilot' as const },
    ...changes.map((one) => ({ ...ready, ...one })),
  ];
  const lines = new Set(
    all.flatMap((facts: PreemptionFacts) =>
      describePreemption({
        platform: facts.platform,
        checks: checkPreemption(facts),
        mostLost: seconds(630),
        directory: '/tmp/run',
        ...(facts.noticeSeconds === undefined ? {} : { noticeSeconds: facts.noticeSeconds }),
      }),
    ),
  );
  expect(lines.size).toBeGreaterThan(25);
  expect([...lines].filter((line) => say(line) === line)).toEqual([]);
});

test('one preemption costs an interval and a save at most, or a step where it saves when told', () => {
  expect(mostLost(600, 30, 2, false)).toBe(630);
  expect(mostLost(600, 30, 2, true)).toBe(2);
});

test.each([
  ['s3://team/run', 'other', [], 'lasting'],
  ['/tmp/run', 'slurm', [], 'local'],
  ['$SLURM_TMPDIR/out', 'slurm', [], 'local'],
  ['runs/a', 'slurm', [], 'unknown'],
  ['/checkpoints/a', 'skypilot', ['/checkpoints'], 'lasting'],
  ['/checkpoints2/a', 'skypilot', ['/checkpoints'], 'local'],
  ['out', 'skypilot', [], 'local'],
  ['/opt/ml/checkpoints', 'sagemaker', [], 'local'],
  ['', 'kubernetes', [], 'unknown'],
] as const)('%s on %s with %o is %s', (directory, platform, mounts, durability) => {
  expect(durabilityOf(directory, platform, mounts)).toBe(durability);
});
