import type { EnergyEstimate } from '../../estimate/estimate.ts';
import { formatInterval, formatNumber } from '../../units/format.ts';
import type { Say } from '../words.ts';
import { cell, emptyTable, figures, type Plot, words } from './chart.ts';
import type { ChartInput } from './input.ts';

/** One way to run the job with what it draws. */
export interface EnergyRow {
  readonly label: string;
  readonly energy: EnergyEstimate;
}

/** Energy of the job as it stands, and of the other ways to run it where they are known. */
export function energyPlot(
  { estimate, say }: Pick<ChartInput, 'estimate' | 'say'>,
  others: readonly EnergyRow[] = [],
): Plot {
  const frame = { id: 'energy', title: say('Energy') } as const;
  const { energy } = estimate;
  if (!energy) {
    const summary = say('Energy is not known: it needs the power of the card and the length of the run.');
    return { ...frame, summary, table: emptyTable, notes: [] };
  }
  const rows = [{ label: say('as it is'), energy }, ...others.map((one) => ({ ...one, label: say(one.label) }))];
  return {
    ...frame,
    summary: say('The run draws {0}.', phraseEnergy(energy)),
    chart: {
      kind: 'bars',
      axis: { label: say('kWh of the run'), unit: 'kwh' },
      rows: rows.map(({ label, energy: one }) => {
        const text = say(`${formatNumber(one.energy.likely)} kWh`);
        return { label, text, parts: [{ label: say('energy'), value: one.energy.likely, text }] };
      }),
    },
    table: {
      columns: [words(say('Way to run')), figures('kWh'), figures('kg CO2e')],
      rows: rows.map(({ label, energy: one }) => [
        cell(label),
        cell(say(formatInterval(one.energy, formatNumber))),
        cell(phraseCarbon(one, say)),
      ]),
    },
    notes: [say('Rests on: {0}.', energy.source)],
  };
}

function phraseCarbon({ carbon }: EnergyEstimate, say: Say): string {
  return carbon ? say(formatInterval(carbon, (grams) => formatNumber(grams / 1000))) : say('unknown');
}

function phraseEnergy({ energy, carbon }: EnergyEstimate): string {
  const kwh = `${formatInterval(energy, formatNumber)} kWh`;
  return carbon ? `${kwh}, ${formatNumber(carbon.likely / 1000)} kg CO2e` : kwh;
}
