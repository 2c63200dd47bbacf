import type { ParseArgsConfig } from 'node:util';
import { readAttempts } from '#core/lifecycle/read-attempts.ts';
import { readTrace } from '#core/lifecycle/read-trace.ts';
import { nodesOf, type SpotTrace, summarizeTrace } from '#core/lifecycle/trace.ts';
import type { LifecycleSettings } from '#core/settings.ts';
import { bytesPerGB } from '#core/units/quantity.ts';
import { exit, KnownError } from '../exit.ts';
import type { CliHost } from '../host.ts';

/** Options that say what one's own log, trace and storage tell. */
export const lifecycleOptions = {
  trace: { type: 'string' },
  log: { type: 'string' },
  'hours-between': { type: 'string' },
  restart: { type: 'string' },
  'write-rate': { type: 'string' },
} as const satisfies ParseArgsConfig['options'];

/** Option values as typed. */
export type LifecycleValues = { readonly [K in keyof typeof lifecycleOptions]?: string | undefined };

/** Settings of saves and interruptions from the options, with a word on what was read. */
export async function lifecycleOf(
  values: LifecycleValues,
  host: CliHost,
): Promise<{ readonly lifecycle: LifecycleSettings; readonly notes: readonly string[] }> {
  const restart = positive(values.restart, '--restart', 'seconds');
  const rate = positive(values['write-rate'], '--write-rate', 'GB a second and node');
  const told = await interruptionsOf(values, host);
  return {
    lifecycle: {
      ...(told.interruptions && { interruptions: told.interruptions }),
      ...(restart !== undefined && { restartSeconds: restart }),
      ...(rate !== undefined && { writeRate: rate * bytesPerGB }),
    },
    notes: told.notes,
  };
}

async function interruptionsOf(
  values: LifecycleValues,
  host: CliHost,
): Promise<{
  readonly interruptions?: NonNullable<LifecycleSettings['interruptions']>;
  readonly notes: readonly string[];
}> {
  if ([values.trace, values.log, values['hours-between']].filter((one) => one !== undefined).length > 1)
    throw new KnownError('one of --trace, --log and --hours-between', exit.usage);
  const hours = positive(values['hours-between'], '--hours-between', 'hours');
  if (hours !== undefined) return { interruptions: { hoursBetween: hours, source: '--hours-between' }, notes: [] };
  if (values.trace !== undefined) {
    const trace = await openTrace(values.trace, host);
    const nodes = nodesOf(trace);
    const { meanHours, medianHours, preemptions, upShare, clustering } = summarizeTrace(trace, nodes);
    if (meanHours === undefined) return { notes: [`${values.trace}: no preemption in it, so no rate`] };
    const words = `${preemptions} ${preemptions === 1 ? 'preemption' : 'preemptions'} of ${nodes === 1 ? 'a node' : `all ${nodes} nodes`}`;
    return {
      interruptions: { hoursBetween: meanHours, count: preemptions, clustering, source: `${values.trace}: ${words}` },
      notes: [
        `${values.trace}: at hand ${(upShare * 100).toFixed(0)} % of the time, ${words}, mean ${meanHours.toFixed(2)} h, median ${(medianHours ?? 0).toFixed(2)} h`,
        ...keptOf(meanHours, preemptions, clustering),
      ],
    };
  }
  if (values.log === undefined) return { notes: [] };
  const found = readAttempts(await textOf(values.log, host));
  if ('reason' in found) throw new KnownError(`${values.log}: ${found.reason}`);
  const words = `${found.interruptions} interruptions in ${found.hours.toFixed(1)} h of ${found.attempts} attempts`;
  if (found.interruptions === 0) return { notes: [`${values.log}: ${words}, so no rate`] };
  const mean = found.hours / found.interruptions;
  return {
    interruptions: {
      hoursBetween: mean,
      count: found.interruptions,
      clustering: found.clustering,
      source: `${values.log}: ${words}`,
    },
    notes: [`${values.log}: ${words}`, ...keptOf(mean, found.interruptions, found.clustering)],
  };
}

/** How sure the rate is, and how to keep it. */
function keptOf(hours: number, count: number, clustering: number): readonly string[] {
  const telling = Math.max(1, Math.round(count / clustering));
  const clustered = telling < count ? [`they come in clusters: ${count} tell as much as ${telling} at random`] : [];
  const more = clustering > 1 ? `, clustering: ${clustering.toFixed(1)}` : '';
  return [
    ...clustered,
    `for flopwise.yaml: interruptions: { hours_between: ${hours.toFixed(2)}, count: ${count}${more} }`,
  ];
}

/** A trace from a file as typed; a file that is none is an error of one line. */
export async function openTrace(path: string, host: CliHost): Promise<SpotTrace> {
  const read = readTrace(await textOf(path, host), path);
  if ('reason' in read) throw new KnownError(`${path} is no trace: ${read.reason}`);
  return read.trace;
}

async function textOf(path: string, host: CliHost): Promise<string> {
  const text = await host.readFile(host.uriOf(path));
  if (text === undefined) throw new KnownError(`${path}: no such file, or it cannot be read`);
  return text;
}

/** A positive number as typed; another word is a usage error. */
export function positive(text: string | undefined, option: string, unit: string): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value))
    throw new KnownError(`${option} ${text}: a number of ${unit}`, exit.usage);
  return value;
}
