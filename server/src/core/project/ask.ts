import type { AnalyzedWorkload } from '../analyze.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { likely } from '../workload/known.ts';

/** A value that the files of a job leave out and that the project file can state, for every job below it. */
export interface Ask {
  readonly id: 'accelerator' | 'rate' | 'steps' | 'epochs' | 'examples' | 'tokens';
  /** Keys of the project file. */
  readonly path: readonly string[];
  /** What is missing: "the accelerator". */
  readonly what: string;
  /** The question to the user. */
  readonly prompt: string;
  readonly example: string;
}

/** What is missing for a whole answer on one job and may be stated in the project file, gravest first. */
export function asksOf({ spec, estimate }: Pick<AnalyzedWorkload, 'spec' | 'estimate'>): readonly Ask[] {
  const asks: Ask[] = [];
  const accelerator = likely(spec.resources.accelerator);
  if (accelerator === undefined) {
    asks.push({
      id: 'accelerator',
      path: ['accelerator'],
      what: 'the accelerator',
      prompt: 'Accelerator that jobs run on where their files name none, with its number on a node',
      example: 'H100:8',
    });
  } else if (!estimate.cost) {
    asks.push({
      id: 'rate',
      path: ['rates', accelerator],
      what: `the price of ${accelerator}`,
      prompt: `Price of one ${accelerator} for an hour, in the currency of the project file (US dollars where it names none)`,
      example: '2.10',
    });
  }
  const { schedule } = spec;
  if (!schedule || likely(schedule.steps) !== undefined) return asks;
  if (!schedule.epochs) return [...asks, stepsAsk, epochsAsk];
  return [...asks, likely(spec.data.packed) === true ? tokensAsk : examplesAsk, stepsAsk];
}

const stepsAsk: Ask = {
  id: 'steps',
  path: ['run', 'steps'],
  what: 'the number of steps',
  prompt: 'Optimiser steps of a run where the files state none',
  example: '1000',
};
const epochsAsk: Ask = {
  id: 'epochs',
  path: ['run', 'epochs'],
  what: 'the number of epochs',
  prompt: 'Passes over the training data where the files state none',
  example: '3',
};
const examplesAsk: Ask = {
  id: 'examples',
  path: ['dataset', 'examples'],
  what: 'the number of training examples',
  prompt: 'Examples of the training data where it is in no table',
  example: '50000',
};
const tokensAsk: Ask = {
  id: 'tokens',
  path: ['dataset', 'tokens'],
  what: 'the number of training tokens',
  prompt: 'Tokens of the training data where it is in no table',
  example: '1e9',
};

/** A typed answer as the value that the project file takes; else the reason why it takes none. */
export function readAnswer(
  { id }: Pick<Ask, 'id'>,
  typed: string,
  catalog: Pick<Catalog, 'accelerator' | 'nearestAccelerators'>,
): { readonly value: string | number } | { readonly refused: string } {
  const text = typed.trim();
  if (id === 'accelerator') {
    const [, name = '', count] = /^(.*?)(?::(\d+))?$/.exec(text) ?? [];
    const known = catalog.accelerator(name);
    if (known && count !== '0') return { value: count === undefined ? known.name : `${known.name}:${count}` };
    const near = catalog.nearestAccelerators(name);
    return {
      refused: `No accelerator ${name} is in the tables${near.length > 0 ? ` (near: ${near.join(', ')})` : ''}.`,
    };
  }
  const value = Number(text.replaceAll(/[,_\s]/g, ''));
  if (text === '' || !Number.isFinite(value) || value <= 0) return { refused: 'A number above zero is wanted.' };
  if (id === 'steps' && !Number.isInteger(value)) return { refused: 'A whole number is wanted.' };
  return { value };
}
