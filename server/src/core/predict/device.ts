import type { Accelerator } from '../catalog/accelerator.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { bytes, bytesPerGiB } from '../units/quantity.ts';
import type { Sheet } from './case.ts';

/** The catalogue as one case sees it: its card with the memory that the run reports, and unnamed cards by their size. */
export function catalogWithDevice(catalog: Catalog, hardware: Sheet): Catalog {
  const name = hardware.text('gpu');
  const size = hardware.number('gpu_memory_gb') ?? sizeIn(name ?? '');
  const visible = hardware.number('visible_memory_gib');
  const found = name === undefined ? undefined : (byName(catalog, name, size) ?? byArchitecture(catalog, name, size));
  const device = found ?? (name !== undefined && size !== undefined ? unnamed(name, size) : undefined);
  if (!device) return catalog;
  const sized = size === undefined ? device : ofSize(device, size);
  const seen: Accelerator = visible === undefined ? sized : { ...sized, usableMemory: bytes(visible * bytesPerGiB) };
  return { ...catalog, accelerator: (asked) => (asked === name ? seen : catalog.accelerator(asked)) };
}

/** Difference of sizes that units and spares explain. */
const sameSize = 0.1;

/** The card with the memory that a run states, where that is a variant which no table has (H100 with 96 GB). */
function ofSize(device: Accelerator, size: number): Accelerator {
  const memory = bytes(size * bytesPerGiB);
  if (Math.abs(memory / device.memory - 1) < sameSize) return device;
  const { usableMemory: _, ...rest } = device;
  return { ...rest, memory };
}

/** H100 of 96 GB, which one operator alone has: HBM2e at 2.4 TB/s, 500 W (torchtitan's notes on its runs). */
const wideHopper = { bandwidth: 2.4e12, powerWatts: 500 } as const;

/** The card under the spelling of a run: with its size, without it, or the variant of that size. */
function byName(catalog: Catalog, name: string, size: number | undefined): Accelerator | undefined {
  const plain = name.replace(/\s*\([^)]*\)/g, '').trim();
  if (/neuroncore/i.test(plain)) return half(catalog.accelerator(plain.replace(neuronCore, '').trim()));
  const bare = plain.replace(/-\d+GB$/i, '');
  // Published runs that say A100 and no more are mostly of the 80 GB part, whatever price lists mean by it.
  if (size === undefined && /^A100$/i.test(plain)) return catalog.accelerator('A100-80GB');
  const spelled = [...new Set([size === undefined ? plain : `${bare}-${size}GB`, plain, bare])];
  for (const one of spelled) {
    const found = catalog.accelerator(one);
    if (found) return found.name === 'H100-SXM' && size === 96 ? { ...found, ...wideHopper } : found;
  }
  return undefined;
}

/** The card of the generation that words name with the memory that they name: "not named (184 GiB, Blackwell)". */
function byArchitecture(catalog: Catalog, words: string, size: number | undefined): Accelerator | undefined {
  if (size === undefined) return undefined;
  const memory = size * bytesPerGiB;
  const off = (one: Accelerator) => Math.abs((one.usableMemory ?? one.memory) / memory - 1);
  const generation = catalog.accelerators.filter(
    ({ architecture }) => architecture !== '' && words.toLowerCase().includes(architecture.toLowerCase()),
  );
  const nearest = generation.reduce<Accelerator | undefined>(
    (best, one) => (best === undefined || off(one) < off(best) ? one : best),
    undefined,
  );
  return nearest && off(nearest) < sameSize ? nearest : undefined;
}

/** The unit that AWS counts by: two of them make a chip of the tables. */
const neuronCore = /^AWS |\s*neuroncore.*/gi;

/** One of the two cores of a chip. */
function half(chip: Accelerator | undefined): Accelerator | undefined {
  if (!chip) return undefined;
  const { usableMemory, bandwidth, powerWatts } = chip;
  const peak = Object.fromEntries(Object.entries(chip.peak).map(([format, rate]) => [format, rate / 2]));
  return {
    ...chip,
    name: `half of ${chip.name}`,
    memory: bytes(chip.memory / 2),
    peak,
    ...(usableMemory === undefined ? {} : { usableMemory: bytes(usableMemory / 2) }),
    ...(bandwidth === undefined ? {} : { bandwidth: bandwidth / 2 }),
    ...(powerWatts === undefined ? {} : { powerWatts: powerWatts / 2 }),
    ...(chip.perNode === undefined ? {} : { perNode: 2 * chip.perNode }),
  };
}

/** "48GB", "24 GB VRAM": the memory that words name. */
function sizeIn(name: string): number | undefined {
  const found = /(\d+(?:\.\d+)?)\s?Gi?B/i.exec(name);
  return found ? Number(found[1]) : undefined;
}

function unnamed(name: string, size: number): Accelerator {
  return {
    name,
    vendor: '',
    architecture: '',
    memory: bytes(size * bytesPerGiB),
    peak: {},
    aliases: [],
    source: 'the run',
  };
}
