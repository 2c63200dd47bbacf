import type { Catalog } from '#core/catalog/catalog.ts';
import type { KeptObjects, StorePrices } from '#core/lifecycle/lifecycle-cost.ts';
import type { RuleCloud } from '#core/lifecycle/lifecycle-rule.ts';
import { storagePriceOf } from '#core/lifecycle/storage-price.ts';
import { formatCount, formatDisk } from '#core/units/format.ts';
import { KnownError } from '../exit.ts';
import type { CliHost } from '../host.ts';
import { positive } from './options.ts';
import { bytesOf } from './size.ts';

/** A terabyte in a thousand objects: the example where the command tells no size. */
const example: KeptObjects = { bytes: 1e12, objects: 1000 };

/** What rules are priced for, and what of it is only an example. */
export interface Amount extends KeptObjects {
  readonly example?: 'both' | 'bytes' | 'objects';
}

/** Bytes and objects as the command tells them; the example stands for what it leaves out, and is marked. */
export function amountOf(values: {
  readonly bytes?: string | undefined;
  readonly objects?: string | undefined;
}): Amount {
  const objects = positive(values.objects, '--objects', 'objects');
  const bytes = values.bytes === undefined ? undefined : bytesOf(values.bytes, '--bytes');
  const amount = { bytes: bytes ?? example.bytes, objects: objects ?? example.objects };
  if (bytes !== undefined && objects !== undefined) return amount;
  return { ...amount, example: bytes !== undefined ? 'objects' : objects !== undefined ? 'bytes' : 'both' };
}

/** "1 TB in 1,000 objects (an example: --bytes and --objects tell yours)". */
export function phraseAmount({ bytes, objects, example: made }: Amount): string {
  const what = `${formatDisk(bytes)} in ${formatCount(objects)} ${objects === 1 ? 'object' : 'objects'}`;
  if (made === undefined) return what;
  const options = made === 'both' ? '--bytes and --objects tell' : `--${made} tells`;
  const which = made === 'both' ? 'an example' : `the number of ${made} is an example`;
  return `${what} (${which}: ${options} yours)`;
}

/** Bytes and files below a folder whose paths begin like the objects of a rule. */
export async function countedIn(path: string, prefix: string, host: CliHost): Promise<Amount> {
  const uri = host.uriOf(path);
  if ((await host.kindOf(uri)) !== 'folder') throw new KnownError(`${path}: no such folder`);
  const { files } = await host.disk.list(uri);
  const inside = files.filter((file) => file.path.startsWith(prefix));
  // A copy of what lies below the prefix itself has paths without it.
  const used = inside.length > 0 ? inside : files;
  return { bytes: used.reduce((sum, { bytes }) => sum + bytes, 0), objects: used.length };
}

/** Prices of a cloud's object store; a reason where none is known. */
export function pricesOf(
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
