import type { AnalyzedWorkload } from '#core/analyze.ts';
import type { Finding } from '#core/rules/rule.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import type { Span } from '#core/source/span.ts';
import { unknown } from '#core/workload/known.ts';
import type { WorkloadSpec } from '#core/workload/spec.ts';
import type { View } from '#server/lsp/view.ts';

/** A script that a job is known by. */
export const script: SourceFile = {
  uri: 'file:///work/train.py',
  languageId: 'python',
  version: 3,
  text: [
    'from trl import SFTConfig',
    '',
    'args = SFTConfig(',
    '    per_device_train_batch_size=8,',
    '    save_steps=500,',
    ')',
    '',
  ].join('\n'),
};

/** The launcher beside it. */
export const launcher: SourceFile = {
  uri: 'file:///work/run.sbatch',
  languageId: 'bash',
  version: 1,
  text: '#!/bin/bash\n#SBATCH --gres=gpu:h100:8\npython train.py\n',
};

/** The stretch of a file that holds some words. */
export function spanOf(file: SourceFile, words: string): Span {
  const start = file.text.indexOf(words);
  if (start < 0) throw new RangeError(`no "${words}" in ${file.uri}`);
  return { uri: file.uri, start, end: start + words.length };
}

const batch = spanOf(script, '8');
const saves = spanOf(script, '500');
const devices = spanOf(launcher, 'gpu:h100:8');

/** A warning with two fixes, the safe one first choice, and a place in the other file. */
export const finding: Finding = {
  ruleId: 'does-not-fit',
  severity: 'error',
  span: batch,
  message: 'Does not fit: 94 of 80 GiB a GPU.',
  fixes: [
    {
      title: 'Recompute activations: fits (61 of 80 GiB), +28 % time',
      changes: [],
      safe: true,
      saving: {},
      edits: [{ span: { ...batch, start: batch.end, end: batch.end }, text: ', gradient_checkpointing=True' }],
      preferred: true,
    },
    {
      title: 'Ask for 16 GPUs: fits (60 of 80 GiB)',
      changes: [],
      safe: false,
      saving: {},
      edits: [{ span: devices, text: 'gpu:h100:16' }],
      preferred: false,
    },
  ],
  refusals: ['the optimiser is chosen at run time'],
  related: [{ span: devices, message: 'asks for 8 x H100' }],
};

/** One job over both files. */
export const job: AnalyzedWorkload = {
  workload: {
    id: `${script.uri}#train`,
    name: 'train.py + run.sbatch',
    main: script.uri,
    files: [script.uri, launcher.uri],
    readings: [],
    facts: [],
    open: [],
    conflicts: [],
    anchors: [spanOf(script, 'SFTConfig(\n    per_device_train_batch_size=8,\n    save_steps=500,\n)')],
    problems: [],
  },
  spec: { resources: { accelerator: unknown('no file names one') } } as WorkloadSpec,
  estimate: { assumptions: [], problems: [{ code: 'length', message: 'The dataset is not known.' }] },
  findings: [finding],
  report: {
    title: 'train.py + run.sbatch',
    answer: '$412 (330-520) to train, 16.4 h on 8 x H100',
    verdict: 'Fits: 71 of 80 GiB a GPU, at the loss',
    rows: [
      { label: '8 x H100, on-demand', value: '$402', at: devices },
      { label: 'checkpoints 30 d', value: '$10' },
    ],
    memoryRows: [{ label: 'weights bf16', value: '15.0 GiB' }],
    notes: ['Length: 3 epochs x 207,865 samples'],
    assumptions: ['41 % MFU (36-46)'],
    hints: [
      {
        kind: 'cost',
        at: spanOf(script, 'SFTConfig(\n'),
        parts: [
          { text: '$412 (330-520)' },
          { text: ', ' },
          { text: '71 of 80 GiB', detail: 'at the loss', at: devices },
        ],
        tooltip: '**$412** to train',
      },
      { kind: 'checkpoint', at: saves, parts: [{ text: '96 saves, 2.9 TB kept' }], tooltip: 'All are kept.' },
      { kind: 'resources', at: devices, parts: [{ text: '$25/h, 16.4 h' }], tooltip: '' },
    ],
  },
};

/** What the surfaces of the script show. */
export const view: View = {
  file: script,
  files: new Map([
    [script.uri, script],
    [launcher.uri, launcher],
  ]),
  workloads: [job],
  problems: [],
  pricesAsOf: '2026-07-30',
};

/** The whole of any document. */
export const everywhere = { start: { line: 0, character: 0 }, end: { line: 1_000_000, character: 0 } };
