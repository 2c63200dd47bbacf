import { describe, expect, test } from 'vitest';
import { readAttempts } from '#core/lifecycle/read-attempts.ts';
import { readTrace } from '#core/lifecycle/read-trace.ts';
import { halvesOf, nodesOf, stretchesOf, summarizeTrace } from '#core/lifecycle/trace.ts';

describe('a trace', () => {
  test('in the published form: a larger count means more instances at hand', () => {
    const read = readTrace('{"metadata": {"gap_seconds": 300}, "data": [0, 2, 2, 1, 2]}', 'a.json');
    expect(read).toEqual({ trace: { name: 'a.json', tick: 300, available: [0, 2, 2, 1, 2] } });
  });

  test('in rows of time and count, each holding until the next', () => {
    const text =
      'time,available\n# a note\n2026-01-01T00:00:00Z,1\n2026-01-01T00:03:00Z,0\n2026-01-01T00:04:00Z,1\n2026-01-01T00:05:00Z,1\n';
    expect(readTrace(text, 'a.csv')).toEqual({ trace: { name: 'a.csv', tick: 60, available: [1, 1, 1, 0, 1] } });
    expect(readTrace('time,available\n0,4\n120,3\n', 'b.csv')).toMatchObject({ trace: { available: [4, 4] } });
  });

  test.each([
    ['', 'its header is not time,available'],
    ['time,available\n0,1\n', 'it has fewer than two rows'],
    ['time,available\n10,1\n5,1\n', 'row 2 is not later than the row before'],
    ['time,available\n0,half\n60,1\n', 'row 1 is no time and count'],
    ['{"data": [1]}', 'it states no gap_seconds'],
    ['{"gap_seconds": 60, "data": [1, 0.5]}', 'its counts are not all whole numbers of instances'],
    ['{"gap_seconds": 60', 'it is no JSON object'],
  ])('that is none says why: %j', (text, reason) => {
    expect(readTrace(text, 'x')).toEqual({ reason });
  });

  test('of a gang is up only where all nodes are, and is not the product of single nodes', () => {
    const trace = { name: '', tick: 3600, available: [2, 2, 1, 2, 0, 2] };
    expect(nodesOf(trace)).toBe(2);
    expect(stretchesOf(trace, 2)).toEqual([
      { up: true, seconds: 7200 },
      { up: false, seconds: 3600 },
      { up: true, seconds: 3600 },
      { up: false, seconds: 3600 },
      { up: true, seconds: 3600 },
    ]);
    expect(summarizeTrace(trace, 2)).toEqual({
      upShare: 4 / 6,
      preemptions: 2,
      upHours: 4,
      meanHours: 2,
      medianHours: 2,
      clustering: 1,
    });
    expect(summarizeTrace(trace, 1)).toMatchObject({ preemptions: 1, upHours: 5 });
    expect(halvesOf(trace).map(({ available }) => available)).toEqual([
      [2, 2, 1],
      [2, 0, 2],
    ]);
  });
});

describe("Slurm's log", () => {
  test('counts what machine or scheduler ended, not what the program did', () => {
    const text = [
      'JobID|State|Elapsed|NNodes',
      '12|NODE_FAIL|1-02:00:00|4',
      '12.batch|CANCELLED|1-02:00:00|4',
      '12|PREEMPTED|10:00:00|4',
      '12|COMPLETED|04:00:00|4',
      '13|FAILED|00:30:00|4',
      '14|CANCELLED by 1000|00:00:00|4',
    ].join('\n');
    expect(readAttempts(text)).toEqual({ attempts: 4, hours: 40.5, interruptions: 2, clustering: 1 });
  });

  test('of other columns is refused', () => {
    expect(readAttempts('a,b\n1,2\n')).toHaveProperty('reason');
  });
});
