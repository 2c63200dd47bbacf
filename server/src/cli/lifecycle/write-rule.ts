import { parseArgs } from 'node:util';
import { costUnder } from '#core/lifecycle/lifecycle-cost.ts';
import { checkLifecycleRule, type LifecycleRule, ruleClass } from '#core/lifecycle/lifecycle-rule.ts';
import { writeLifecycleJson, writeLifecycleTerraform } from '#core/lifecycle/lifecycle-write.ts';
import { describeRuleCost } from '#core/report/lifecycle-rule.ts';
import { loadEngine } from '#server/gather/engine.ts';
import { type ExitCode, exit, KnownError } from '../exit.ts';
import type { CliHost } from '../host.ts';
import { amountOf, countedIn, phraseAmount, pricesOf } from './amount.ts';
import { positive } from './options.ts';

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
  if (values.terraform && values.bucket === undefined && cloud !== 'gcp')
    throw new KnownError('storage rule --terraform needs --bucket: a name, or a reference to the resource', exit.usage);
  const moves = (values.move ?? []).map((one) => {
    const [, days, tier] = /^(\d+):(.+)$/.exec(one) ?? [];
    if (days === undefined || tier === undefined)
      throw new KnownError(`--move ${one}: DAYS:CLASS, such as 30:STANDARD_IA`, exit.usage);
    const named = ruleClass(cloud, tier);
    if (typeof named !== 'string') throw new KnownError(`--move ${one}: ${named.reason}`, exit.usage);
    return { afterDays: Number(days), tier: named };
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
      ? writeLifecycleTerraform(rule, cloud, values.bucket)
      : writeLifecycleJson(rule, cloud)
    ).trimEnd(),
  );
  for (const text of checkLifecycleRule(rule, cloud)) host.error(text);
  const { catalog } = await loadEngine(host);
  const prices = pricesOf(catalog, cloud, values.region);
  const amount = values.dir === undefined ? amountOf(values) : await countedIn(values.dir, values.prefix, host);
  host.error(`it would touch ${phraseAmount(amount)}`);
  if ('reason' in prices) host.error(`price unknown: ${prices.reason}`);
  else {
    const days = positive(values.days, '--days', 'days') ?? 365;
    const cost = { with: costUnder([rule], amount, days, prices), without: costUnder([], amount, days, prices) };
    for (const line of describeRuleCost(cost)) host.error(line);
  }
  return exit.fine;
}
