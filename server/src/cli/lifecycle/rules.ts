import { parseArgs } from 'node:util';
import { costUnder, type KeptObjects, type StorePrices } from '#core/lifecycle/lifecycle-cost.ts';
import { readLifecycle } from '#core/lifecycle/lifecycle-read.ts';
import {
  checkLifecycleRule,
  covers,
  type LifecyclePolicy,
  type LifecycleRule,
  prefixesOf,
} from '#core/lifecycle/lifecycle-rule.ts';
import { describeRuleCost, phraseRule, type RuleCost } from '#core/report/lifecycle-rule.ts';
import { isSource } from '#core/source/open.ts';
import { formatCount } from '#core/units/format.ts';
import { loadEngine } from '#server/gather/engine.ts';
import { type ExitCode, exit, KnownError } from '../exit.ts';
import type { CliHost } from '../host.ts';
import { openFile } from '../open.ts';
import { amountOf, phraseAmount, pricesOf } from './amount.ts';
import { positive } from './options.ts';

/** Raised whenever a field changes its meaning or goes. */
const version = 1;

/** Reads lifecycle rules from files, says what is wrong with them and what they come to. */
export async function runReadRules(argv: readonly string[], host: CliHost): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      bytes: { type: 'string' },
      objects: { type: 'string' },
      prefix: { type: 'string' },
      days: { type: 'string', default: '365' },
      region: { type: 'string' },
      format: { type: 'string', default: 'table' },
    },
  });
  if (positionals.length === 0) throw new KnownError('storage rules needs a file', exit.usage);
  if (values.format !== 'table' && values.format !== 'json')
    throw new KnownError(`--format ${values.format}: one of table, json`, exit.usage);
  const engine = await loadEngine(host);
  const days = positive(values.days, '--days', 'days') ?? 365;
  const amount = amountOf(values);
  const found: ReadFile[] = [];
  for (const path of positionals) {
    const file = await openFile(host.uriOf(path), host);
    if (!isSource(file)) throw new KnownError(`${path}: ${file.reason}`);
    const policies = readLifecycle(engine.syntax.data(file)[0]?.root);
    if (policies.length === 0) found.push({ path, reason: 'it states no lifecycle rule' });
    for (const { rules, ...policy } of policies) {
      const prices = pricesOf(engine.catalog, policy.cloud, values.region);
      const prefixes = values.prefix === undefined ? prefixesOf(rules) : [values.prefix];
      const costs = 'reason' in prices ? [] : prefixes.map((prefix) => costOf(rules, prefix, amount, days, prices));
      const checked = rules.map((rule) => ({ rule, checks: checkLifecycleRule(rule, policy.cloud) }));
      found.push({
        path,
        ...policy,
        rules: checked,
        costs,
        ...('reason' in prices ? { unpriced: prices.reason } : {}),
      });
    }
  }
  if (values.format === 'json') {
    host.out(JSON.stringify({ version, days, ...amount, files: found }, undefined, 2));
    return exit.fine;
  }
  host.out(found.map(linesOf).join('\n\n'));
  host.out(`\nCosts are of ${phraseAmount(amount)}, kept ${formatCount(days)} days, under each beginning of names.`);
  return exit.fine;
}

/** What a file states, or why it states nothing. */
type ReadFile =
  | { readonly path: string; readonly reason: string }
  | (Omit<LifecyclePolicy, 'rules'> & {
      readonly path: string;
      readonly rules: readonly { readonly rule: LifecycleRule; readonly checks: readonly string[] }[];
      readonly costs: readonly PrefixCost[];
      readonly unpriced?: string;
    });

/** What objects under a prefix cost with the rules that are for them, and without. */
interface PrefixCost extends RuleCost {
  readonly prefix: string;
  /** Conditions that the objects have to meet besides. */
  readonly narrowed: boolean;
}

function linesOf(one: ReadFile): string {
  if ('reason' in one) return `${one.path}: ${one.reason}`;
  const rules = one.rules.flatMap(({ rule, checks }) => [
    `  ${phraseRule(rule)}`,
    ...checks.map((text) => `    ${text}`),
  ]);
  const costs = one.costs.flatMap(({ prefix, narrowed, ...cost }) => [
    `  ${prefix === '' ? 'all objects' : prefix}${narrowed ? ', where all of them meet the conditions' : ''}`,
    ...describeRuleCost(cost).map((line) => `    ${line}`),
  ]);
  return [
    `${one.path}: ${one.cloud}${one.bucket ? ` ${one.bucket}` : ''}`,
    ...rules,
    ...one.problems.map((text) => `  not read: ${text}`),
    ...costs,
    ...(one.unpriced === undefined ? [] : [`  price unknown: ${one.unpriced}`]),
  ].join('\n');
}

function costOf(
  rules: readonly LifecycleRule[],
  prefix: string,
  amount: KeptObjects,
  days: number,
  prices: StorePrices,
): PrefixCost {
  const own = rules.filter((rule) => covers(rule, prefix));
  return {
    prefix,
    narrowed: own.some(({ narrowed }) => narrowed !== undefined),
    with: costUnder(own, amount, days, prices),
    without: costUnder([], amount, days, prices),
  };
}
