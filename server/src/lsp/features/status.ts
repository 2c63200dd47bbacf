import type { StatusParams } from '../../protocol.ts';
import type { View } from '../view.ts';

/** What the status item says of a document: its first job's sum, and how many more there are. */
export function viewStatus(view: View): StatusParams {
  const first = view.workloads[0];
  const cost = first?.report.hints.find(({ kind }) => kind === 'cost' || kind === 'serving');
  const short = cost?.parts.map(({ text }) => text).join('') ?? first?.report.answer ?? '';
  const more = view.workloads.length > 1 ? ` +${view.workloads.length - 1} more` : '';
  return {
    uri: view.file.uri,
    text: `${short}${more}`,
    detail: view.pricesAsOf === '' ? '' : `prices of ${view.pricesAsOf}`,
    pricesAsOf: view.pricesAsOf,
    jobs: view.workloads.length,
  };
}
