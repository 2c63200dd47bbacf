import { z } from 'zod';

const text = z.string();
const number = z.number();
const interval = z
  .object({ low: number, likely: number, high: number })
  .describe('An 80 % interval around the likely value.');
const money = z.object({ currency: text, micros: interval }).describe('Millionths of a unit of the currency.');
const place = z.object({
  path: text,
  line: number.optional().describe('From 1; of the cell in a notebook.'),
  column: number.optional().describe('From 1.'),
  cell: number.optional().describe('From 0.'),
});
const saving = z
  .object({
    cost: money.optional(),
    costShare: number.optional().describe('-0.49 is 49 % less.'),
    timeShare: number.optional(),
    memoryBytes: interval.optional(),
    storageBytes: interval.optional(),
  })
  .describe('What changes against the job as it stands; negative is less.');
const problem = z.object({ code: text, message: text });

const memory = z
  .object({
    phase: text,
    terms: z.array(z.object({ part: text, label: text, bytes: interval })),
    allocated: interval.describe('torch.cuda.max_memory_allocated'),
    reserved: interval.describe('torch.cuda.max_memory_reserved'),
    device: interval.describe('What nvidia-smi shows.'),
    capacity: number.optional(),
    fits: z.enum(['yes', 'tight', 'no', 'unknown']),
  })
  .describe('Bytes on the fullest device at its peak moment.');
const time = z
  .object({
    step: interval,
    run: interval.optional(),
    steps: interval.optional(),
    tokensPerSecondPerDevice: interval.optional(),
    samplesPerSecond: interval.optional(),
    flopsPerStep: interval,
    utilization: interval.describe('Model FLOPs over peak.'),
    parts: z.array(z.object({ label: text, seconds: number })),
    deviceHours: interval.optional(),
  })
  .describe('Seconds.');
const cost = z.object({
  total: money.optional(),
  perHour: money,
  offer: z.looseObject({}).describe('The price with its source, date, region and kind, or the own rate.'),
  kind: z.enum(['on-demand', 'spot', 'reserved']),
  perThousandSteps: money.optional(),
  perMillionTokens: money.optional(),
});
const storage = z
  .object({
    perSave: interval,
    saves: interval.optional(),
    kept: interval.optional(),
    perMonth: money.optional(),
  })
  .describe('Bytes.');
const energy = z.object({
  energy: interval.describe('kWh'),
  carbon: interval.optional().describe('Grams of CO2e.'),
  source: text,
});
const serving = z.object({
  kvTokens: interval,
  kvBytesPerToken: number,
  fullLengthSequences: interval,
  weights: interval.describe('Bytes.'),
  prefillTokensPerSecond: interval.optional(),
  decodeTokensPerSecond: interval.optional(),
  outputTokensPerSecond: interval.optional(),
  requestSeconds: interval.optional(),
  perMillionOutputTokens: money.optional(),
});

const estimate = z
  .looseObject({
    parameters: interval.optional(),
    trainableParameters: interval.optional(),
    memory: memory.optional(),
    time: time.optional(),
    cost: cost.optional(),
    storage: storage.optional(),
    energy: energy.optional(),
    serving: serving.optional(),
    devices: number.optional(),
    assumptions: z.array(z.object({ id: text, text })),
    problems: z.array(z.looseObject({ code: text, message: text })),
  })
  .describe('A figure that could not be worked out is absent; a problem says why.');

const finding = z.object({
  rule: text,
  severity: z.enum(['error', 'warning', 'information', 'hint']),
  message: text,
  at: place,
  saving,
  fixes: z.array(
    z.object({
      title: text,
      safe: z.boolean().describe('Cannot change the training result.'),
      changes: z.array(z.object({ name: text, value: z.unknown() })),
      saving,
    }),
  ),
  refusals: z.array(text).describe('Why a fix that would help cannot be written.'),
});

/** What `--format json` prints of jobs: the published form of `ReportJson`. */
export const reportShape = z.object({
  version: z.literal(1),
  workloads: z.array(
    z.object({
      name: text,
      main: text,
      files: z.array(text),
      task: text,
      answer: text,
      verdict: text,
      estimate,
      rows: z.array(z.object({ label: text, value: text, note: text.optional() })),
      notes: z.array(text),
      assumptions: z.array(text),
      findings: z.array(finding),
    }),
  ),
  totals: z.looseObject({
    jobs: number,
    cost: money.optional().describe('Over the jobs whose cost is known.'),
    costKnown: number,
    deviceHours: number.optional(),
    energy: number.optional().describe('kWh'),
    servingPerHour: money.optional(),
    findings: z.record(text, number),
  }),
  problems: z.array(problem),
});

/** JSON schema of it, as `flopwise schema report` prints it: further fields may come, these stay. */
export function reportSchema(): object {
  return z.toJSONSchema(reportShape, { io: 'input' });
}
