import type { Outcome } from '../../source/problem.ts';
import { bytes, bytesPerGB, bytesPerGiB } from '../../units/quantity.ts';
import type { Accelerator } from '../accelerator.ts';
import { type Cells, compact, decodeRows } from '../rows.ts';

const tera = 1e12;

/** Rates that a table row may give, in TFLOPS (TOPS for int8). */
const rates = ['fp32', 'tf32', 'fp16', 'bf16', 'fp8', 'fp4', 'int8'] as const;

/**
 * The accelerator table. Memory is nominal: NVIDIA's and AMD's "80 GB" is 80 GiB of device memory, as is a TPU's;
 * AWS and Intel publish their chips' sizes in decimal or binary units, already settled in the table's figure.
 * A device without a memory size cannot be judged for fit and is left out.
 */
export function decodeAccelerators(asset: unknown): Outcome<readonly Accelerator[]> {
  return decodeRows<Accelerator>(asset, 'accelerators', (cells) => {
    const name = cells.text('name');
    const vendor = cells.text('vendor');
    const architecture = cells.text('architecture');
    const source = cells.text('source');
    if (!name || !vendor || !architecture || !source) return { bad: 'lacks its name, vendor, architecture or source' };
    const peak = peakOf(cells);
    if (!peak) return { bad: `(${name}) has a rate that is not positive` };
    const memoryGB = cells.number('memoryGB');
    const usable = cells.number('usableGiB');
    if (memoryGB === undefined || memoryGB <= 0 || memoryGB > 2048)
      return { bad: `(${name}) has an implausible memory` };
    return compact({
      name,
      vendor,
      architecture,
      memory: bytes(memoryGB * (vendor === 'AWS' ? bytesPerGB : bytesPerGiB)),
      usableMemory: usable === undefined ? undefined : bytes(usable * bytesPerGiB),
      bandwidth: scaled(cells.number('bandwidthGBs')),
      peak,
      interconnect: cells.text('interconnect'),
      linkBandwidth: scaled(cells.number('linkGBs')),
      powerWatts: cells.number('powerWatts'),
      perNode: cells.number('perNode'),
      computeCapability: cells.text('computeCapability'),
      aliases: cells.list('aliases'),
      source,
      note: cells.text('note'),
    });
  });
}

function scaled(gigabytesPerSecond: number | undefined): number | undefined {
  return gigabytesPerSecond === undefined ? undefined : gigabytesPerSecond * bytesPerGB;
}

function peakOf(cells: Cells): Accelerator['peak'] | undefined {
  const peak: { [R in (typeof rates)[number]]?: number } = {};
  for (const rate of rates) {
    const value = cells.number(rate);
    if (value === undefined) continue;
    if (value <= 0) return undefined;
    peak[rate] = value * tera;
  }
  return peak;
}
