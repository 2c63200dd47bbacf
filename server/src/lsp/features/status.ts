import { type Say, sayPlain } from '#core/report/words.ts';
import type { StatusParams } from '../../protocol.ts';
import type { View } from '../view.ts';

/** What the status item says of a document: its first job's sum, and how many more there are. */
export function viewStatus(view: View, say: Say = sayPlain): StatusParams {
  const first = view.workloads[0];
  const cost = first?.report.hints.find(({ kind }) => kind === 'cost' || kind === 'serving');
  const short = cost?.parts.map(({ text }) => text).join('') ?? first?.report.answer ?? '';
  const others = view.workloads.length - 1;
  return {
    uri: view.file.uri,
    text: others > 0 ? say('{0} +{1} more', short, others) : short,
    detail: view.pricesAsOf === '' ? '' : say('prices of {0}', view.pricesAsOf),
    pricesAsOf: view.pricesAsOf,
    jobs: view.workloads.length,
  };
}
