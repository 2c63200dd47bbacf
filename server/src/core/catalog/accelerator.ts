import type { Bytes } from '../units/quantity.ts';

/** A device that computes, as the tables have it. Rates are dense peaks in FLOP/s (no sparsity); absent where no source gives them. */
export interface Accelerator {
  readonly name: string;
  readonly vendor: string;
  readonly architecture: string;
  /** Nominal size as sold. */
  readonly memory: Bytes;
  /** What driver or cloud report as usable, where found. */
  readonly usableMemory?: Bytes;
  /** Bytes per second. */
  readonly bandwidth?: number;
  readonly peak: {
    readonly fp32?: number;
    readonly tf32?: number;
    readonly fp16?: number;
    readonly bf16?: number;
    readonly fp8?: number;
    readonly fp4?: number;
    readonly int8?: number;
  };
  readonly interconnect?: string;
  /** Bytes per second in one direction, per device. */
  readonly linkBandwidth?: number;
  readonly powerWatts?: number;
  readonly perNode?: number;
  readonly computeCapability?: string;
  readonly aliases: readonly string[];
  readonly source: string;
  /** What a reader of the figures should know: which form, what the source leaves open. */
  readonly note?: string;
}

/** Superchips of NVIDIA's Grace: their hosts are Arm, so images and wheels built for x86 do not start there (GH200, GB200, GB300). */
export function hasArmHost({ name }: Pick<Accelerator, 'name'>): boolean {
  return /^G[BH]\d{3}/.test(name);
}
