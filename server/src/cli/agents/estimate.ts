import { z } from 'zod';
import { checkAccelerator } from '../accelerator.ts';
import { gatherPaths } from '../gather.ts';
import { toReportJson } from '../reporters/json.ts';
import { reporter as table } from '../reporters/table.ts';
import { reportShape } from '../spec/report-schema.ts';
import { askedSettings, openInput, pathsInput, toolOf } from './tool.ts';

const job = reportShape.shape.workloads.element;

/** What `estimate --format json` prints; the figures in base units only where they are asked for. */
export const estimateTool = toolOf({
  name: 'estimate',
  title: 'Estimate GPU cost, memory and time',
  description:
    'Works out, without running anything, what the training and serving jobs of some files need: GPU memory and whether it fits, time, GPU-hours, money, checkpoint storage, energy; with what is assumed, and findings with fixes. Call it before a job is started or after its files are changed.',
  input: z.strictObject({
    paths: pathsInput,
    ...openInput,
    figures: z
      .boolean()
      .default(false)
      .describe('Adds every figure as an 80 % interval in base units (bytes, seconds, millionths of money).'),
  }),
  output: reportShape.extend({ workloads: z.array(job.extend({ estimate: job.shape.estimate.optional() })) }),
  async run({ paths, figures, ...open }, { host, readings, engine }) {
    const loaded = await engine();
    checkAccelerator(open.accelerator, loaded.catalog);
    const reported = await gatherPaths(paths, loaded, askedSettings(open, host), host, undefined, readings);
    const report = toReportJson(reported, host);
    const workloads = figures ? report.workloads : report.workloads.map(({ estimate: _, ...rest }) => rest);
    const heads = workloads.map(({ main, answer, verdict }) => `${main}: ${answer}. ${verdict}.`);
    return { words: [...heads, '', table.report(reported, host)].join('\n').trim(), value: { ...report, workloads } };
  },
});
