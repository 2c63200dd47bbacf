import { describe, expect, test } from 'vitest';
import { observedRate, publishedRate, publishedRuns, unknownSpotRate } from '#core/lifecycle/failure-rate.ts';
import { readProject } from '#core/project/project.ts';
import { defaultSettings } from '#core/settings.ts';
import { readYaml } from '#core/syntax/yaml.ts';

describe('how often a job is interrupted', () => {
  test('published runs lie within the range that is scaled to their size', () => {
    for (const { devices, hoursBetween } of publishedRuns) {
      const { low, high } = publishedRate(devices).hours;
      expect(hoursBetween).toBeGreaterThanOrEqual(low - 1e-9);
      expect(hoursBetween).toBeLessThanOrEqual(high + 1e-9);
    }
    expect(publishedRate(16_384).hours.likely).toBeCloseTo(3.09, 2);
    expect(publishedRate(8).hours.likely).toBeGreaterThan(publishedRate(16).hours.likely);
  });

  test('spot of which nothing is known says so', () => {
    expect(unknownSpotRate.basis).toBe('unknown');
  });

  test("a count of one's own has the range of a Poisson count", () => {
    // Exact 80 % bounds of a Poisson count of 10: 6.22 and 15.41.
    const rate = observedRate(100, 10, 'log');
    expect(rate?.hours.likely).toBe(10);
    expect(rate?.hours.low).toBeCloseTo(100 / 15.41, 1);
    expect(rate?.hours.high).toBeCloseTo(100 / 6.22, 1);
    expect(observedRate(100, 0, 'log')).toBeUndefined();
  });
});

test('the project file states rate, restart and storage', () => {
  const text =
    'interruptions:\n  hours_between: 4.6\n  count: 43\n  restart_minutes: 6\ncheckpoint_storage:\n  write_gb_per_second: 2\n';
  const { settings, problems } = readProject(
    readYaml({ uri: 'file:///work/flopwise.yaml', languageId: 'yaml', version: 1, text }),
    undefined,
  );
  expect(problems).toEqual([]);
  expect({ ...defaultSettings, ...settings }.lifecycle).toEqual({
    interruptions: { hoursBetween: 4.6, count: 43, source: 'flopwise.yaml, 43 counted' },
    restartSeconds: 360,
    writeRate: 2e9,
  });
});
