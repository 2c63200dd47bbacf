import { labelOfPart } from '../../estimate/memory.ts';
import { memoryByStage, type StageMemory } from '../../estimate/stages.ts';
import { formatGiB } from '../../units/format.ts';
import { phraseMemory } from '../phrases.ts';
import type { Say } from '../words.ts';
import { type BarPart, cell, emptyTable, figures, type Plot, words } from './chart.ts';
import { type ChartInput, placeOfOrigin } from './input.ts';

/** Memory by part at the peak, for each kind of device of the plan. */
export function memoryPlot(input: ChartInput): Plot {
  const { estimate, points, say } = input;
  const { memory } = estimate;
  const frame = { id: 'memory', title: say('Memory a GPU at its peak') } as const;
  if (!memory || !points) {
    return {
      ...frame,
      summary: say('Memory is not known: the size of the model is not.'),
      table: emptyTable,
      notes: [],
    };
  }
  const stages = memoryByStage(points.likely);
  const fullest = Math.max(...stages.map(({ device }) => device));
  // Own runs shift the estimate as a whole; the parts follow it.
  const factor = memory.device.likely / fullest;
  const places = new Map(memory.terms.map(({ part, origin }) => [part, placeOfOrigin(input, origin)]));
  const rows = stages.map((stage) => {
    const parts = [...stage.parts]
      .sort((a, b) => b.bytes - a.bytes)
      .map(({ part, bytes }): BarPart => {
        const place = places.get(part);
        const value = bytes * factor;
        return {
          label: say(labelOfPart(part, points.likely)),
          value,
          text: say(`${formatGiB(value)} GiB`),
          ...(place ? { place } : {}),
        };
      });
    return {
      label: labelOfStage(stage, stages.length, say),
      text: say(`${formatGiB(stage.device * factor)} GiB`),
      parts,
    };
  });
  const names = [...new Map(rows.flatMap(({ parts }) => parts.map((part) => [part.label, part]))).values()];
  const { capacity } = memory;
  return {
    ...frame,
    summary: say('The fullest GPU needs {0}.', phraseMemory(memory)),
    chart: {
      kind: 'bars',
      axis: { label: say('GiB a GPU'), unit: 'gib' },
      rows,
      ...(capacity === undefined
        ? {}
        : { limit: { value: capacity, text: say('{0} GiB usable', formatGiB(capacity)) } }),
    },
    table: {
      columns: [words(say('Part')), ...rows.map(({ label }) => figures(label))],
      rows: [
        ...names.map(({ label, place }) => [
          cell(label, place),
          ...rows.map(({ parts }) => cell(parts.find((part) => part.label === label)?.text ?? '–')),
        ]),
        [cell(say('together')), ...rows.map(({ text }) => cell(text))],
      ],
    },
    notes:
      rows.length > 1 ? [say('Pipeline stages differ: the first holds most micro batches, the last the loss.')] : [],
  };
}

/** "each of 8 GPUs", "stage 1 of 4: 8 GPUs". */
function labelOfStage({ stage, devices }: StageMemory, stages: number, say: Say): string {
  if (stage !== undefined) return say('stage {0} of {1}: {2} GPUs', stage + 1, stages, devices);
  return devices === 1 ? say('the GPU') : say('each of {0} GPUs', devices);
}
