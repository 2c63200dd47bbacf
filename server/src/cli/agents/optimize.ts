import { z } from 'zod';
import type { SpecChange } from '#core/readers/reader.ts';
import { editsFor } from '#core/search/edits.ts';
import { editedLines } from '#core/source/edited-lines.ts';
import type { WhatIfInput } from '#core/what-if.ts';
import type { CliHost } from '../host.ts';
import { optimizePaths } from '../optimized.ts';
import { candidatesTable, toCandidatesJson } from '../reporters/candidates.ts';
import { pathsInput, toolOf } from './tool.ts';

const words = z.string();
const edit = z.object({
  path: words,
  line: z.number().describe('First line, counted from 1.'),
  before: words.describe('The whole lines as they are.'),
  after: words.describe('What stands in their place.'),
});
const candidate = z.object({
  machines: words,
  offer: words,
  settings: words,
  time: words,
  cost: words,
  perHour: words,
  memory: words,
  effect: words.describe('Against the job as it stands; "now" for the job itself.'),
  safe: z.boolean().describe('False where numerics change.'),
  changes: z.array(z.object({ name: words, value: z.unknown() })),
  edits: z
    .array(edit)
    .optional()
    .describe('What to change in the files; absent where nothing is to be changed or refused says why.'),
  refused: words.optional().describe('Why the files cannot be edited to this.'),
});

/** What `optimize --format json` prints, with the lines to change for each candidate. */
export const optimizeTool = toolOf({
  name: 'optimize',
  title: 'Find cheaper configurations',
  description:
    'Looks for cheaper and faster ways to run the jobs of some files within limits: machines, counts, prices, number formats, micro batches, recomputation, sharding. Answers what nothing else is both cheaper and faster than, each with its cost, time and memory and the lines to change. It changes no file.',
  input: z.strictObject({
    paths: pathsInput,
    deadline_hours: z.number().positive().optional().describe('Hours that a run may take at most.'),
    budget: z.number().positive().optional().describe('Money that a run may cost at most.'),
    clouds: z.array(words).optional().describe('Only these clouds.'),
    region: words.optional().describe('Only this region.'),
    accelerators: z.array(words).optional().describe('Only these accelerators.'),
    kinds: z
      .array(z.enum(['on-demand', 'spot', 'reserved']))
      .optional()
      .describe('Only these kinds of price.'),
    max_devices: z.int().positive().optional().describe('At most so many accelerators.'),
    keep_numerics: z.boolean().default(false).describe('The number format stays.'),
    keep_global_batch: z.boolean().default(true).describe('The global batch stays.'),
  }),
  output: z.object({
    version: z.literal(1),
    workloads: z.array(
      z.object({
        name: words,
        main: words,
        answer: words.describe('The job as it stands.'),
        verdict: words,
        reason: words.optional().describe('Why nothing was searched.'),
        examined: z.number().optional().describe('Configurations looked at.'),
        candidates: z.array(candidate),
      }),
    ),
    problems: z.array(z.object({ code: words, message: words })),
  }),
  async run(input, { host, engine }) {
    const found = await optimizePaths(
      input.paths,
      {
        deadlineHours: input.deadline_hours,
        budget: input.budget,
        clouds: input.clouds,
        region: input.region,
        accelerators: input.accelerators,
        kinds: input.kinds,
        maximumDevices: input.max_devices,
        keepNumerics: input.keep_numerics,
        keepGlobalBatch: input.keep_global_batch,
      },
      await engine(),
      host,
    );
    const { workloads, ...rest } = toCandidatesJson(found);
    const withEdits = workloads.map(({ candidates, ...job }, at) => ({
      ...job,
      candidates: candidates.map(({ estimate: _, saving: __, ...one }) => {
        const world = found.jobs[at]?.world;
        return { ...one, ...(world ? linesFor(world, one.changes, host) : {}) };
      }),
    }));
    return { words: candidatesTable(found), value: { ...rest, workloads: withEdits } };
  },
});

function linesFor(world: WhatIfInput, changes: readonly SpecChange[], host: CliHost) {
  if (changes.length === 0) return {};
  const written = editsFor(world, changes);
  if ('refused' in written) return { refused: written.refused };
  const uris = [...new Set(written.edits.map(({ span }) => span.uri))];
  const edits = uris.flatMap((uri) => {
    const file = world.files.get(uri);
    const own = written.edits.filter(({ span }) => span.uri === uri);
    return file ? editedLines(file, own).map((one) => ({ path: host.show(uri), ...one })) : [];
  });
  return edits.length > 0 ? { edits } : { refused: 'no file of this job says what would change' };
}
