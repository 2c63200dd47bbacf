import type { ParseArgsConfig } from 'node:util';
import type { AnalyzedWorkload } from '#core/analyze.ts';
import type { Severity } from '#core/rules/rule.ts';
import { defaultSettings, type Settings } from '#core/settings.ts';
import { exit, KnownError } from './exit.ts';
import type { CliHost } from './host.ts';

/** The options that say what files leave open, and what ends a command with findings. */
export const settingsOptions = {
  accelerator: { type: 'string' },
  region: { type: 'string' },
  cloud: { type: 'string' },
  price: { type: 'string' },
  'fail-on': { type: 'string', default: 'error' },
} as const satisfies ParseArgsConfig['options'];

/** Option values as typed. */
export interface SettingsValues {
  readonly accelerator?: string | undefined;
  readonly region?: string | undefined;
  readonly cloud?: string | undefined;
  readonly price?: string | undefined;
}

/** Settings of one command; a price kind that does not exist is a usage error. */
export function settingsOf({ accelerator, region, cloud, price }: SettingsValues, host: CliHost): Settings {
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

const severities: readonly (Severity | 'never')[] = ['error', 'warning', 'information', 'hint', 'never'];

/** The least grave severity that fails a command; a word that is none is a usage error. */
export function thresholdOf(word: string): Severity | 'never' {
  const found = severities.find((one) => one === word);
  if (!found) throw new KnownError(`--fail-on ${word}: one of ${severities.join(', ')}`, exit.usage);
  return found;
}

/** False where a job has a finding at the threshold or above it. */
export function passes(
  workloads: readonly Pick<AnalyzedWorkload, 'findings'>[],
  threshold: Severity | 'never',
): boolean {
  if (threshold === 'never') return true;
  const worst = severities.indexOf(threshold);
  return workloads.every(({ findings }) => findings.every(({ severity }) => severities.indexOf(severity) > worst));
}
