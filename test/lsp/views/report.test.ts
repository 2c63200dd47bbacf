import { expect, test } from 'vitest';
import { viewReport } from '#server/lsp/features/report.ts';
import { viewStatus } from '#server/lsp/features/status.ts';
import { finding, launcher, script, view } from '../sample.ts';

test('the report has every figure, with places', () => {
  const report = viewReport(view);
  expect(report.jobs).toEqual([
    {
      title: 'train.py + run.sbatch',
      answer: '$412 (330-520) to train, 16.4 h on 8 x H100',
      verdict: 'Fits: 71 of 80 GiB a GPU, at the loss',
      rows: [
        { label: '8 x H100, on-demand', value: '$402', place: { uri: launcher.uri, line: 1, character: 15 } },
        { label: 'checkpoints 30 d', value: '$10' },
      ],
      memoryRows: [{ label: 'weights bf16', value: '15.0 GiB' }],
      notes: ['Length: 3 epochs x 207,865 samples'],
      assumptions: ['41 % MFU (36-46)'],
      findings: [
        {
          ruleId: 'does-not-fit',
          severity: 'error',
          message: finding.message,
          place: { uri: script.uri, line: 3, character: 32 },
          fixes: finding.fixes.map(({ title }) => title),
        },
      ],
    },
  ]);
  expect(report.problems).toEqual(['The dataset is not known.']);
  expect(report.markdown).toMatchInlineSnapshot(`
    "# Cost report

    ## train.py + run.sbatch

    **$412** (330-520) to train, 16.4 h on 8 x H100

    Fits: 71 of 80 GiB a GPU, at the loss

    | Memory a GPU |  |
    | :-- | --: |
    | weights bf16 | 15.0 GiB |

    | Run |  |
    | :-- | --: |
    | 8 x H100, on-demand | $402 |
    | checkpoints 30 d | $10 |

    ### Findings

    - Does not fit: 94 of 80 GiB a GPU.  
      → Recompute activations: fits (61 of 80 GiB), +28 % time  
      → Ask for 16 GPUs: fits (60 of 80 GiB)

    ### Rests on

    - Length: 3 epochs x 207,865 samples
    - 41 % MFU (36-46)

    ### Files

    - /work/train.py
    - /work/run.sbatch

    ### Not read

    - The dataset is not known.

    Prices of 2026-07-30.
    "
  `);
});

test('the status item shows the sum of the file', () => {
  expect(viewStatus(view)).toEqual({
    uri: script.uri,
    text: '$412 (330-520), 71 of 80 GiB',
    detail: 'prices of 2026-07-30',
    pricesAsOf: '2026-07-30',
    jobs: 1,
  });
  expect(viewStatus({ ...view, workloads: [...view.workloads, ...view.workloads] }).text).toBe(
    '$412 (330-520), 71 of 80 GiB +1 more',
  );
  expect(viewStatus({ ...view, workloads: [] }).text).toBe('');
});
