import { parseArgs } from 'node:util';
import { estimateSpec } from '#core/index.ts';
import { defaultSettings, type Settings } from '#core/settings.ts';
import { loadEngine } from '#server/gather/engine.ts';
import { checkAccelerator } from '../accelerator.ts';
import { type ExitCode, exit, KnownError } from '../exit.ts';
import { gatherPaths } from '../gather.ts';
import type { CliHost } from '../host.ts';
import { type Reported, reporters } from '../reporters/index.ts';
import { decodeSpec } from '../spec/schema.ts';
import type { Command } from './index.ts';

/** Prints what the jobs of some files, or of a spec file, cost. */
export const command: Command = {
  name: 'estimate',
  usage: 'estimate PATH... | --spec FILE  [--format FORMAT] [--accelerator H100:8] [--region R] [--price KIND]',
  summary: 'memory, time, money, storage and energy of each job',
  run: runEstimate,
};

const severities = ['error', 'warning', 'information', 'hint', 'never'] as const;

async function runEstimate(argv: readonly string[], host: CliHost): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      format: { type: 'string', default: 'table' },
      accelerator: { type: 'string' },
      region: { type: 'string' },
      cloud: { type: 'string' },
      price: { type: 'string' },
      spec: { type: 'string' },
      'fail-on': { type: 'string', default: 'error' },
    },
  });
  const reporter = reporters.find((one) => one.id === values.format);
  if (!reporter) {
    const known = reporters.map((one) => one.id).join(', ');
    throw new KnownError(`--format ${values.format}: one of ${known}`, exit.usage);
  }
  const threshold = (severities as readonly string[]).indexOf(values['fail-on']);
  if (threshold < 0)
    throw new KnownError(`--fail-on ${values['fail-on']}: one of ${severities.join(', ')}`, exit.usage);
  if (positionals.length === 0 && values.spec === undefined)
    throw new KnownError('estimate needs a path or --spec', exit.usage);
  const engine = await loadEngine(host);
  const settings = settingsOf(values, host);
  checkAccelerator(values.accelerator, engine.catalog);
  const reported: Reported =
    values.spec === undefined
      ? await gatherPaths(positionals, engine, settings, host)
      : { workloads: [await specWorkload(values.spec, engine, settings, host)], problems: [], files: new Map() };
  host.out(reporter.report(reported, host));
  const worst = reported.workloads.flatMap((one) =>
    one.findings.map((finding) => severities.indexOf(finding.severity)),
  );
  return values['fail-on'] !== 'never' && worst.some((one) => one <= threshold) ? exit.findings : exit.fine;
}

function settingsOf(
  values: {
    accelerator?: string | undefined;
    region?: string | undefined;
    cloud?: string | undefined;
    price?: string | undefined;
  },
  host: CliHost,
): Settings {
  const { accelerator, region, cloud, price } = values;
  if (price !== undefined && price !== 'on-demand' && price !== 'spot' && price !== 'reserved') {
    throw new KnownError(`--price ${price}: one of on-demand, spot, reserved`, exit.usage);
  }
  return {
    ...defaultSettings,
    today: host.today(),
    ...(accelerator === undefined ? {} : { accelerator }),
    ...(region === undefined ? {} : { region }),
    ...(cloud === undefined ? {} : { cloud }),
    ...(price === undefined ? {} : { priceKind: price }),
  };
}

async function specWorkload(
  path: string,
  engine: Awaited<ReturnType<typeof loadEngine>>,
  settings: Settings,
  host: CliHost,
): Promise<Reported['workloads'][number]> {
  const text = await host.readFile(host.uriOf(path));
  if (text === undefined) throw new KnownError(`${path}: no such file`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new KnownError(`${path}: no valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const decoded = decodeSpec(json);
  if ('errors' in decoded) throw new KnownError(`${path}: ${decoded.errors.slice(0, 5).join('; ')}`);
  return estimateSpec(decoded.spec, host.uriOf(path), engine.catalog, settings);
}
