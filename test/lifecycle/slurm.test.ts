import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { mostLost } from '#core/lifecycle/preemption.ts';

/** What `test/lifecycle/slurm/preempt.py` measured under a live Slurm. */
interface Measured {
  readonly case: string;
  readonly savedOnNotice: boolean;
  readonly intervalSeconds: number;
  readonly stepSeconds: number;
  readonly writeSeconds: number;
  readonly lostSeconds: readonly number[];
  readonly endedAs: string;
  readonly starts: number;
  readonly startsInLog: number;
}

const file = new URL('../fixtures/lifecycle/slurm-preemptions.json', import.meta.url);
const { runs } = JSON.parse(readFileSync(file, 'utf8')) as { readonly runs: readonly Measured[] };
const named = (name: string) => runs.find((run) => run.case === name);

test('a preempted trainer lost no more than is predicted', () => {
  const resumed = runs.filter(({ lostSeconds }) => lostSeconds.length > 1);
  expect(resumed.map(({ lostSeconds }) => lostSeconds.length)).toEqual([5, 5]);
  for (const { intervalSeconds, writeSeconds, stepSeconds, savedOnNotice, lostSeconds } of resumed)
    expect(Math.max(...lostSeconds)).toBeLessThanOrEqual(
      mostLost(intervalSeconds, writeSeconds, stepSeconds, savedOnNotice),
    );
});

test('what the checklist asks for is what the scheduler does', () => {
  expect(named('is not requeued')).toMatchObject({ starts: 1, endedAs: 'PREEMPTED' });
  // A program that the word ends is failed, and a failed job is not requeued.
  expect(named('ends on the word, within the grace')).toMatchObject({ starts: 1, endedAs: 'FAILED' });
  expect(named('log is not appended')).toMatchObject({ starts: 2, startsInLog: 1 });
  expect(named('saves only at its interval')).toMatchObject({ starts: 6, startsInLog: 6 });
});
