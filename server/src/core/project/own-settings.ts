import type { Settings } from '../settings.ts';
import type { Problem } from '../source/problem.ts';
import type { Span } from '../source/span.ts';
import { wholeText } from '../source/text-map.ts';
import type { Origin } from '../source/traced.ts';
import type { DataDocument, DataNode } from '../syntax/data.ts';
import { readProject } from './project.ts';

/** What the user's settings say of own prices, in the forms that the project file has for it; amounts in dollars. */
export interface OwnPriceSettings {
  readonly on_premise?: unknown;
  readonly discounts?: unknown;
  readonly pools?: unknown;
}

/** Reads them by the table that reads the project file. What does not fit is left out and named; nothing is thrown. */
export function readOwnPrices(own: OwnPriceSettings): {
  readonly settings: Pick<Settings, 'rates' | 'rateOrigins' | 'discounts' | 'pools'>;
  readonly problems: readonly Problem[];
} {
  const document: DataDocument = { root: toNode(own), span: nowhere, problems: [] };
  const { settings, problems } = readProject([document], undefined);
  const { rates = {}, rateOrigins, discounts, pools } = settings;
  return {
    settings: {
      rates,
      ...(rateOrigins && {
        rateOrigins: Object.fromEntries(Object.entries(rateOrigins).map(([name, one]) => [name, inSettings(one)])),
      }),
      ...(discounts && { discounts: discounts.map((one) => ({ ...one, origin: inSettings(one.origin) })) }),
      ...(pools && {
        pools: Object.fromEntries(
          Object.entries(pools).map(([name, one]) => [name, { ...one, origin: inSettings(one.origin) }]),
        ),
      }),
    },
    problems,
  };
}

const nowhere: Span = { uri: '', start: 0, end: 0 };

function inSettings(origin: Origin): Origin {
  const key = origin.kind === 'setting' ? origin.key : '';
  return {
    kind: 'setting',
    key: key.replace(/^flopwise\.yaml /, 'flopwise.prices.').replace('on_premise', 'onPremise'),
  };
}

/** A value of the settings in the shape that files are read in. */
function toNode(value: unknown): DataNode {
  if (Array.isArray(value)) return { kind: 'list', span: nowhere, items: value.map(toNode), flow: true };
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([key, inner]) => ({ key, keySpan: nowhere, value: toNode(inner) }));
    return { kind: 'map', span: nowhere, entries, flow: true };
  }
  const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
  return {
    kind: 'scalar',
    span: nowhere,
    value: plain,
    raw: String(plain),
    style: 'plain',
    map: wholeText('', 0),
  };
}
