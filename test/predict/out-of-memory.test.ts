import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { estimateWorkload } from '#core/estimate/index.ts';
import { type PredictCase, sheetOf } from '#core/predict/case.ts';
import { catalogWithDevice } from '#core/predict/device.ts';
import { specOf } from '#core/predict/spec.ts';
import { withTimeFields } from '#core/predict/time-fields.ts';
import { rule } from '#core/rules/does-not-fit.ts';
import type { RuleView } from '#core/rules/rule.ts';
import { defaultSettings } from '#core/settings.ts';
import type { Workload } from '#core/workload/workload.ts';
import { testCatalog } from '../catalog/load.ts';

const read = (name: string) => readFileSync(new URL(`../reference/${name}`, import.meta.url), 'utf8');
const impossible = new Set((JSON.parse(read('impossible.json')) as { readonly id: string }[]).map(({ id }) => id));
interface Run extends PredictCase {
  readonly quality: string;
}

const runs: readonly Run[] = read('runs.jsonl')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line));

/** A job whose launcher is seen and states everything: whatever the rule may hold against a run, it holds against this. */
function viewOf(run: PredictCase): RuleView {
  const catalog = catalogWithDevice(testCatalog(), sheetOf(run.hardware));
  const spec = withTimeFields(run, specOf(run, catalog), catalog);
  const span = { uri: 'file:///run.py', start: 0, end: 1 };
  const origin = { kind: 'code', span } as const;
  const workload: Workload = {
    id: run.id,
    name: run.id,
    main: span.uri,
    files: [span.uri],
    readings: [
      {
        uri: span.uri,
        reader: 'trl',
        role: 'launcher',
        name: run.id,
        facts: [],
        open: [],
        references: [],
        anchor: span,
        problems: [],
      },
    ],
    facts: [{ name: 'training.per_device_batch_size', value: 1, origin }],
    open: [],
    conflicts: [],
    anchors: [span],
    problems: [],
  };
  const estimate = estimateWorkload(spec, catalog, defaultSettings);
  return {
    workload,
    spec,
    estimate,
    catalog,
    settings: defaultSettings,
    reestimate: () => estimate,
    edit: () => ({ refused: 'no file' }),
  };
}

const ranges = (run: PredictCase) => {
  const { device, capacity } = viewOf(run).estimate.memory ?? {};
  return `${run.id}: ${JSON.stringify(device)} of ${capacity}`;
};

/** Runs whose batch and length are told, as a file tells them; what a source only mentions in passing (quality C) leaves its parallelism out. */
const told = runs.filter((run) => {
  const sheet = sheetOf(run.config);
  return sheet.has('micro_batch_per_gpu') && sheet.has('seq_len') && run.quality !== 'C';
});
const isError = (run: PredictCase) => rule.check(viewOf(run)).some(({ severity }) => severity === 'error');
const failed = (run: PredictCase) => (run.measured as { readonly oom?: boolean }).oom === true;

test('no run that fitted is certain to fail', () => {
  const fitted = told.filter((run) => !failed(run) && !impossible.has(run.id));
  expect(fitted.length).toBeGreaterThan(200);
  expect(fitted.filter(isError).map(ranges)).toEqual([]);
});

test('runs that failed are told of, and none of them is called an easy fit', () => {
  const broken = runs.filter(failed);
  expect(broken.length).toBeGreaterThan(8);
  const found = broken.filter(
    (run) => rule.check(viewOf(run)).length > 0 || viewOf(run).estimate.memory?.fits === 'tight',
  );
  expect(found.length / broken.length).toBeGreaterThanOrEqual(0.7);
});
