import { z } from 'zod';
import { checkAccelerator } from '../accelerator.ts';
import { explainPath } from '../explained.ts';
import { askedSettings, openInput, toolOf } from './tool.ts';

const row = z.object({ label: z.string(), value: z.string(), note: z.string().optional() });

/** What `explain FILE:LINE --format json` prints. */
export const explainTool = toolOf({
  name: 'explain',
  title: 'Explain what a line costs',
  description:
    'Tells what one line of a training script, config or job file states, what it causes (memory, time, money) and what is wrong with it. Call it to learn why a figure is what it is.',
  input: z.strictObject({
    path: z.string().min(1).describe('A file, relative to the root.'),
    line: z.int().min(1).describe('The line, counted from 1.'),
    ...openInput,
  }),
  output: z.object({
    version: z.literal(1),
    path: z.string(),
    line: z.number(),
    text: z.string().describe('The line itself.'),
    jobs: z
      .array(z.object({ job: z.string(), answer: z.string(), rows: z.array(row) }))
      .describe('The jobs to which the line matters.'),
  }),
  async run({ path, line, ...open }, { host, engine }) {
    const loaded = await engine();
    checkAccelerator(open.accelerator, loaded.catalog);
    return explainPath(path, line, loaded, askedSettings(open, host), host);
  },
});
