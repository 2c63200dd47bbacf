import { defaultsOf } from '../defaults/release.ts';
import { transformers } from '../defaults/transformers.ts';
import { trl } from '../defaults/trl.ts';
import type { FrameworkDefaults } from './reading.ts';

/** What `TrainingArguments` of Transformers set where the program is silent, in the newest release that was verified. */
export const transformersDefaults: FrameworkDefaults = {
  framework: transformers.framework,
  version: transformers.newest,
  values: defaultsOf(transformers, transformers.newest, undefined),
};

/** What a TRL config sets where the program is silent, over what it inherits; undefined for a method without a config here. */
export function trlDefaults(
  method: string | undefined,
  options: { readonly precisionSaid: boolean },
): FrameworkDefaults | undefined {
  if (method === undefined || trl.releases.at(-1)?.values[method] === undefined) return undefined;
  const { 'training.precision': precision, ...own } = defaultsOf(trl, trl.newest, method);
  const half = options.precisionSaid || precision === undefined ? {} : { 'training.precision': precision };
  return { framework: trl.framework, version: trl.newest, values: { ...transformersDefaults.values, ...half, ...own } };
}
