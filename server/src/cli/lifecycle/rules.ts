import { parseArgs } from 'node:util';
import type { Catalog } from '#core/catalog/catalog.ts';
import { costUnder, type KeptObjects, type LifecycleCost, type StorePrices } from '#core/lifecycle/lifecycle-cost.ts';
import { readLifecycle } from '#core/lifecycle/lifecycle-read.ts';
import { checkLifecycleRule, type LifecycleRule, type RuleCloud } from '#core/lifecycle/lifecycle-rule.ts';
import { writeLifecycleJson, writeLifecycleTerraform } from '#core/lifecycle/lifecycle-write.ts';
import { storagePriceOf } from '#core/lifecycle/storage-price.ts';
import { describeRuleCost, phraseRule } from '#core/report/lifecycle-rule.ts';
import { isSource } from '#core/source/open.ts';
import { formatCount, formatDisk } from '#core/units/format.ts';
import { loadEngine } from '#server/gather/engine.ts';
import { type ExitCode, exit, KnownError } from '../exit.ts';
import type { CliHost } from '../host.ts';
import { openFile } from '../open.ts';
import { positive } from './options.ts';
import { bytesOf } from './size.ts';

/** Raised whenever a field changes its meaning or goes. */
const version = 1;
/** A terabyte in a thousand objects: what rules are priced for where the command says nothing. */
const kept: KeptObjects = { bytes: 1e12, objects: 1000 };

/** Reads lifecycle rules from files, says what is wrong with them and what they come to. */
export async function runReadRules(argv: readonly string[], host: CliHost): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      bytes: { type: 'string' },
      objects: { type: 'string' },
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
  const found = [];
  for (const path of positionals) {
    const file = await openFile(host.uriOf(path), host);
    if (!isSource(file)) throw new KnownError(`${path}: ${file.reason}`);
    const policies = readLifecycle(engine.syntax.data(file)[0]?.root);
    for (const policy of policies) {
      const prices = pricesOf(engine.catalog, policy.cloud, values.region);
      const cost = 'reason' in prices ? undefined : compared(policy.rules, amount, days, prices);
      const checks = policy.rules.map((rule) => ({ rule, checks: checkLifecycleRule(rule, policy.cloud) }));
      found.push({ path, ...policy, rules: checks, ...(cost ? { cost } : {}) });
    }
    if (policies.length === 0) found.push({ path, reason: 'it states no lifecycle rule' });
  }
  if (values.format === 'json') {
    host.out(JSON.stringify({ version, days, ...amount, policies: found }, undefined, 2));
    return exit.fine;
  }
  const what = `${formatDisk(amount.bytes)} in ${formatCount(amount.objects)} objects, kept ${days} d`;
  const blocks = found.map((one) => {
    if ('reason' in one) return `${one.path}: ${one.reason}`;
    const rules = one.rules.flatMap(({ rule, checks }) => [
      `  ${phraseRule(rule)}`,
      ...checks.map((text) => `    ${text}`),
    ]);
    const cost = one.cost
      ? describeRuleCost(one.cost.with, one.cost.without).map((line) => `  ${line}`)
      : ['  price unknown'];
    return [
      `${one.path}: ${one.cloud}${one.bucket ? ` ${one.bucket}` : ''}; ${what}`,
      ...rules,
      ...one.problems.map((text) => `  not read: ${text}`),
      ...cost,
    ].join('\n');
  });
  host.out(blocks.join('\n\n'));
  return exit.fine;
}

function compared(
  rules: readonly LifecycleRule[],
  amount: KeptObjects,
  days: number,
  prices: StorePrices,
): { readonly with: LifecycleCost; readonly without: LifecycleCost } {
  return { with: costUnder(rules, amount, days, prices), without: costUnder([], amount, days, prices) };
}

/** Prices of a cloud's object store; a reason where none is known. */
function pricesOf(
  catalog: Catalog,
  cloud: RuleCloud,
  region: string | undefined,
): StorePrices | { readonly reason: string } {
  const place = { cloud, ...(region === undefined ? {} : { region }) };
  const standard = storagePriceOf(catalog, place);
  if ('reason' in standard) return standard;
  return {
    standard,
    keeping(tier) {
      const price = storagePriceOf(catalog, { ...place, tier });
      return 'reason' in price ? undefined : price;
    },
    fees: catalog.storageFees(cloud),
  };
}

function amountOf(values: { readonly bytes?: string | undefined; readonly objects?: string | undefined }): KeptObjects {
  const objects = positive(values.objects, '--objects', 'objects');
  return {
    bytes: values.bytes === undefined ? kept.bytes : bytesOf(values.bytes, '--bytes'),
    objects: objects ?? kept.objects,
  };
}

/** Writes a rule to stdout, and what it would touch to stderr. */
export async function runWriteRule(argv: readonly string[], host: CliHost): Promise<ExitCode> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      cloud: { type: 'string' },
      prefix: { type: 'string' },
      expire: { type: 'string' },
      move: { type: 'string', multiple: true },
      bucket: { type: 'string' },
      name: { type: 'string', default: 'checkpoints' },
      terraform: { type: 'boolean', default: false },
      dir: { type: 'string' },
      bytes: { type: 'string' },
      objects: { type: 'string' },
      days: { type: 'string', default: '365' },
      region: { type: 'string' },
    },
  });
  const { cloud } = values;
  if (cloud !== 'aws' && cloud !== 'gcp' && cloud !== 'azure')
    throw new KnownError('storage rule needs --cloud aws, gcp or azure', exit.usage);
  if (values.prefix === undefined)
    throw new KnownError('storage rule needs --prefix (an empty one is for all objects)', exit.usage);
  const moves = (values.move ?? []).map((one) => {
    const [, days, tier] = /^(\d+):(.+)$/.exec(one) ?? [];
    if (days === undefined || tier === undefined)
      throw new KnownError(`--move ${one}: DAYS:CLASS, such as 30:STANDARD_IA`, exit.usage);
    return { afterDays: Number(days), tier };
  });
  const expire = positive(values.expire, '--expire', 'days');
  if (moves.length === 0 && expire === undefined)
    throw new KnownError('storage rule needs --expire or --move', exit.usage);
  const rule: LifecycleRule = {
    name: values.name,
    enabled: true,
    prefixes: [values.prefix],
    moves: moves.sort((a, b) => a.afterDays - b.afterDays),
    ...(expire === undefined ? {} : { expireAfterDays: expire }),
  };
  host.out(
    (values.terraform
      ? writeLifecycleTerraform(rule, cloud, values.bucket ?? 'BUCKET')
      : writeLifecycleJson(rule, cloud)
    ).trimEnd(),
  );
  for (const text of checkLifecycleRule(rule, cloud)) host.error(text);
  const { catalog } = await loadEngine(host);
  const prices = pricesOf(catalog, cloud, values.region);
  const amount = values.dir === undefined ? amountOf(values) : await countedIn(values.dir, values.prefix, host);
  host.error(
    `it would touch ${formatDisk(amount.bytes)} in ${formatCount(amount.objects)} objects${values.dir === undefined && values.bytes === undefined ? ' (as an example: --dir or --bytes tell yours)' : ''}`,
  );
  if ('reason' in prices) host.error(`price unknown: ${prices.reason}`);
  else {
    const cost = compared([rule], amount, positive(values.days, '--days', 'days') ?? 365, prices);
    for (const line of describeRuleCost(cost.with, cost.without)) host.error(line);
  }
  return exit.fine;
}

/** Bytes and files below a folder whose paths begin like the objects of a rule. */
async function countedIn(path: string, prefix: string, host: CliHost): Promise<KeptObjects> {
  const uri = host.uriOf(path);
  if ((await host.kindOf(uri)) !== 'folder') throw new KnownError(`${path}: no such folder`);
  const { files } = await host.disk.list(uri);
  const inside = files.filter((file) => file.path.startsWith(prefix));
  // A copy of what lies below the prefix itself has paths without it.
  const used = inside.length > 0 ? inside : files;
  return { bytes: used.reduce((sum, { bytes }) => sum + bytes, 0), objects: used.length };
}
