import type { Plot } from './chart.ts';
import { energyPlot } from './energy.ts';
import type { ChartInput } from './input.ts';
import { memoryPlot } from './memory.ts';
import { preemptionPlot } from './preemption.ts';
import { stepPlot } from './step.ts';
import { storagePlot } from './storage.ts';
import { worthPlots } from './worth.ts';

/** Every plot of one job that needs no search; a serving job has those that apply to it. */
export function describePlots(input: ChartInput): readonly Plot[] {
  const memory = memoryPlot(input);
  if (input.spec.task === 'serving') return [memory, ...worthPlots(input).filter(({ id }) => id === 'worth-memory')];
  const safety = preemptionPlot(input);
  return [
    memory,
    stepPlot(input),
    ...worthPlots(input),
    storagePlot(input),
    ...(safety ? [safety] : []),
    energyPlot(input),
  ];
}
