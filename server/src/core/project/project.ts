import type { Catalog } from '../catalog/catalog.ts';
import type { PriceKind } from '../catalog/offer.ts';
import { onPremiseRate } from '../catalog/on-premise.ts';
import type { Discount, Pool, Settings } from '../settings.ts';
import type { Problem } from '../source/problem.ts';
import type { Span } from '../source/span.ts';
import type { Origin } from '../source/traced.ts';
import type { DataDocument } from '../syntax/data.ts';
import { type Checked, checkNode } from './check.ts';
import { lifecycleOf } from './lifecycle.ts';
import { ownRunsOf } from './own-runs.ts';
import { policyOf } from './policy.ts';
import { projectSchema } from './schema.ts';

/** Names under which the project file is found in a workspace folder. */
export const projectFileNames = ['flopwise.yaml', 'flopwise.yml', '.flopwise.yaml'] as const;

/** What the project file states, as settings; what was wrong in it is left out and named at its place. */
export interface Project {
  readonly settings: Partial<Settings>;
  readonly problems: readonly Problem[];
}

/** Tells accelerators from other words; without it their names are taken as they are. */
type Names = Pick<Catalog, 'accelerator' | 'nearestAccelerators'> | undefined;

/** Reads the project file from its parsed documents (the first counts). Never throws on any text. */
export function readProject(documents: readonly DataDocument[], catalog: Names): Project {
  const [document, second] = documents;
  if (!document) return { settings: {}, problems: [] };
  const problems: Problem[] = [...document.problems];
  if (second?.root)
    problems.push({
      code: 'project-file',
      message: 'Only the first document of this file is read.',
      span: second.span,
    });
  const root = document.root && checkNode(document.root, projectSchema, '', problems);
  if (!root) {
    if (document.root && document.root.kind !== 'map')
      return { settings: {}, problems: [notMapping(document.root.span)] };
    return { settings: {}, problems };
  }
  checkAccelerators(root, catalog, problems);
  const currency = currencyOf(root, problems);
  const toDollars = (amount: number) => amount / currency.exchangeRate;
  const settings: Partial<Settings> = {
    ...plainSettings(root),
    ...currency.settings,
    ...rates(root, toDollars, catalog, problems),
    ...lists(root, toDollars, catalog, problems),
    ...policyOf(root, toDollars, problems),
    ...ownRunsOf(root),
    ...lifecycleOf(root),
  };
  return { settings, problems: problems.sort((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0)) };
}

/** The user's settings under what the repo's file states: where both say something, the file holds. Rates join by name. */
export function withProject(settings: Settings, project: Project): Settings {
  const { rates, ...rest } = project.settings;
  const rules = { ...settings.rules, ...rest.rules };
  return {
    ...settings,
    ...rest,
    rates: { ...settings.rates, ...rates },
    ...(Object.keys(rules).length > 0 ? { rules } : {}),
  };
}

function notMapping(span: Problem['span']): Problem {
  return { code: 'project-file', message: 'This file must be a mapping of keys to values.', ...(span && { span }) };
}

const textOf = (node: Checked | undefined, key: string) => node?.entries?.get(key)?.text;
const numberOf = (node: Checked | undefined, key: string) => node?.entries?.get(key)?.number;

function originOf(node: Checked, key: string): Origin {
  return { kind: 'setting', key: `flopwise.yaml ${key}`, span: node.span };
}

function plainSettings(root: Checked): Partial<Settings> {
  const accelerator = textOf(root, 'accelerator');
  const cloud = textOf(root, 'cloud');
  const region = textOf(root, 'region');
  const priceKind = textOf(root, 'price') as PriceKind | undefined;
  const termYears = numberOf(root, 'term_years');
  const dataset = root.entries?.get('dataset');
  const tokens = numberOf(dataset, 'tokens');
  const examples = numberOf(dataset, 'examples');
  const run = root.entries?.get('run');
  const steps = numberOf(run, 'steps');
  const epochs = numberOf(run, 'epochs');
  return {
    ...(accelerator !== undefined && { accelerator }),
    ...(cloud !== undefined && { cloud }),
    ...(region !== undefined && { region }),
    ...(priceKind !== undefined && { priceKind }),
    ...(termYears !== undefined && { termYears }),
    ...(run && { run: { ...(steps !== undefined && { steps }), ...(epochs !== undefined && { epochs }) } }),
    ...(dataset && {
      dataset: { ...(tokens !== undefined && { tokens }), ...(examples !== undefined && { examples }) },
    }),
  };
}

/** The currency with its rate; one that lacks a rate is refused, since no amount could be shown in it. */
function currencyOf(
  root: Checked,
  problems: Problem[],
): { readonly settings: Partial<Settings>; readonly exchangeRate: number } {
  const node = root.entries?.get('currency');
  const rate = numberOf(root, 'exchange_rate');
  const currency = node?.text?.toUpperCase();
  if (!node || currency === undefined) return { settings: {}, exchangeRate: 1 };
  const refuse = (message: string) => {
    problems.push({ code: 'project-file', message, span: node.span });
    return { settings: {}, exchangeRate: 1 };
  };
  if (!/^[A-Z]{3}$/.test(currency)) return refuse('currency must be a code of three letters, such as EUR.');
  if (currency === 'USD') return { settings: { currency }, exchangeRate: 1 };
  if (rate === undefined)
    return refuse(`currency ${currency} needs exchange_rate: the ${currency} that one US dollar is worth.`);
  return { settings: { currency, exchangeRate: rate }, exchangeRate: rate };
}

function rates(
  root: Checked,
  toDollars: (amount: number) => number,
  catalog: Names,
  problems: Problem[],
): Partial<Settings> {
  const found: Record<string, number> = {};
  const origins: Record<string, Origin> = {};
  const add = (table: string, name: string, node: Checked, rate: number) => {
    if (name !== '*' && !isAccelerator(name, node.keySpan ?? node.span, catalog, problems)) return;
    found[name] = toDollars(rate);
    origins[name] = originOf(node, `${table}.${name}`);
  };
  for (const [name, node] of root.entries?.get('on_premise')?.entries ?? [])
    add('on_premise', name, node, onPremise(node));
  for (const [name, node] of root.entries?.get('rates')?.entries ?? []) add('rates', name, node, node.number ?? 0);
  return Object.keys(found).length > 0 ? { rates: found, rateOrigins: origins } : {};
}

function onPremise(node: Checked): number {
  return onPremiseRate({
    purchase: numberOf(node, 'purchase') ?? 0,
    lifetimeYears: numberOf(node, 'lifetime_years') ?? 1,
    utilisation: numberOf(node, 'utilisation') ?? 1,
    powerWatts: numberOf(node, 'power_watts') ?? 0,
    pue: numberOf(node, 'pue') ?? 1,
    electricityPerKwh: numberOf(node, 'electricity_per_kwh') ?? 0,
    operationsPerYear: numberOf(node, 'operations_per_year') ?? 0,
  });
}

function lists(
  root: Checked,
  toDollars: (amount: number) => number,
  catalog: Names,
  problems: Problem[],
): Partial<Settings> {
  const discounts = (root.entries?.get('discounts')?.items ?? []).flatMap((node, i): readonly Discount[] => {
    const accelerator = node.entries?.get('accelerator');
    if (accelerator?.text !== undefined && !isAccelerator(accelerator.text, accelerator.span, catalog, problems))
      return [];
    const cloud = textOf(node, 'cloud');
    const family = textOf(node, 'family');
    const kind = textOf(node, 'price') as PriceKind | undefined;
    return [
      {
        share: (numberOf(node, 'percent') ?? 0) / 100,
        ...(cloud !== undefined && { cloud }),
        ...(family !== undefined && { family }),
        ...(accelerator?.text !== undefined && { accelerator: accelerator.text }),
        ...(kind !== undefined && { kind }),
        origin: originOf(node, `discounts[${i + 1}]`),
      },
    ];
  });
  const pools = [...(root.entries?.get('pools')?.entries ?? [])].flatMap(
    ([name, node]): readonly (readonly [string, Pool])[] => {
      const accelerator = node.entries?.get('accelerator');
      if (accelerator?.text === undefined || !isAccelerator(accelerator.text, accelerator.span, catalog, problems))
        return [];
      const owned = node.entries?.get('on_premise');
      const rate = numberOf(node, 'rate') ?? (owned && onPremise(owned));
      const perNode = numberOf(node, 'per_node');
      const cloud = textOf(node, 'cloud');
      const region = textOf(node, 'region');
      const instanceType = textOf(node, 'instance_type');
      const pool: Pool = {
        accelerator: accelerator.text,
        ...(perNode !== undefined && { perNode }),
        ...(rate !== undefined && { rate: toDollars(rate) }),
        ...(cloud !== undefined && { cloud }),
        ...(region !== undefined && { region }),
        ...(instanceType !== undefined && { instanceType }),
        origin: originOf(node, `pools.${name}`),
      };
      return [[name, pool]];
    },
  );
  return {
    ...(discounts.length > 0 && { discounts }),
    ...(pools.length > 0 && { pools: Object.fromEntries(pools) }),
  };
}

/** Names accelerators of no table where one is stated by itself. */
function checkAccelerators(root: Checked, catalog: Names, problems: Problem[]): void {
  const runs = root.entries?.get('own_runs')?.items ?? [];
  for (const node of [root, ...runs].map((one) => one.entries?.get('accelerator'))) {
    if (node?.text !== undefined) isAccelerator(node.text.replace(/:\d+$/, ''), node.span, catalog, problems);
  }
}

function isAccelerator(name: string, span: Span, catalog: Names, problems: Problem[]): boolean {
  if (!catalog || catalog.accelerator(name)) return true;
  const near = catalog.nearestAccelerators(name);
  const hint = near.length > 0 ? ` (near: ${near.join(', ')})` : '';
  problems.push({ code: 'project-file', message: `No accelerator ${name} is in the tables${hint}.`, span });
  return false;
}
