import type { Accelerator } from '../catalog/accelerator.ts';
import { bytesPerGiB } from '../units/quantity.ts';
import { engineTraits, minorRelease } from './engines.ts';
import type { EngineReserve } from './plan.ts';

/** What one range of releases takes, in bytes a sequence and vocabulary entry, and GiB. */
interface Era {
  /** First minor release (0.x) of the range. */
  readonly since: number;
  readonly logits: number;
  readonly outside: number;
  readonly outsideGroup: number;
  readonly graphs: number;
  /** Prompts up to this length are profiled whole; the first engine chunked longer ones alone. */
  readonly wholePrompts: number;
}

/** Longest context that vLLM's first engine passed without chunks. */
const unchunked = 32_768;

/**
 * vLLM by release. The profile run samples a full batch: logits, their fp32 copy, sorted copy, indices, probabilities and
 * sums (start-up logs, 2024), more from 0.6 to 0.9 (1.26 GiB for 256 sequences over 128,256 entries, 5.64 GiB for 1,024 over
 * 151,936), and two fifths of that since 0.10 (0.46 GiB for 256 over 152,064 in September 2025; 35 models measured on 0.19 by
 * llm-d-planner: 1.9 GiB for 128,256 entries, 3.6 for 256,000). Outside torch: start-up logs of the first engine, the same measurements for later ones. Graphs count
 * against the share since 0.21, about 1 GiB of them (0.5 to 1.9 on H100).
 */
const eras: readonly Era[] = [
  { since: 0, logits: 30, outside: 0.1, outsideGroup: 1.5, graphs: 0, wholePrompts: unchunked },
  { since: 6, logits: 38, outside: 0.1, outsideGroup: 1.5, graphs: 0, wholePrompts: unchunked },
  { since: 8, logits: 38, outside: 0.13, outsideGroup: 2.1, graphs: 0, wholePrompts: 0 },
  { since: 10, logits: 14, outside: 0.13, outsideGroup: 2.1, graphs: 0, wholePrompts: 0 },
  { since: 17, logits: 14, outside: 0.25, outsideGroup: 2.1, graphs: 0, wholePrompts: 0 },
  { since: 21, logits: 14, outside: 0.25, outsideGroup: 2.1, graphs: 1, wholePrompts: 0 },
];
/** Engines whose logs we have not: as the first of vLLM, whose sampler they share or match. */
const others: Era = { since: 0, logits: 30, outside: 0.1, outsideGroup: 1.5, graphs: 0, wholePrompts: 0 };
/** GiB of a communicator over PCIe, whose few channels need few buffers (start-up logs of two L40S and two RTX 4090: 0.25 to 0.3 in all). */
const pcieCommunicator = 0.2;
/** Where the release is not known, that of today is likely and any other possible. */
const today = eras.at(-1) ?? others;

/** The reserve of an engine in a release such as "0.9.2", on cards joined by PCIe or better; of today's where none is known. */
export function reserveOf(engine: string, version: string | undefined, pcie = false): EngineReserve {
  const minor = minorRelease(version);
  const newer = version !== undefined && /^v?[1-9]/.test(version);
  if (engine !== 'vllm') return reserve(others, [others], pcie);
  if (minor === undefined) return newer ? reserve(today, [today], pcie) : reserve(today, eras, pcie);
  const era = eras.findLast(({ since }) => since <= minor) ?? others;
  return reserve(era, [era], pcie);
}

function reserve(likely: Era, possible: readonly Era[], pcie: boolean): EngineReserve {
  const logits = possible.map((era) => era.logits);
  return {
    logits: { low: Math.min(...logits), likely: likely.logits, high: Math.max(...logits) },
    outside: likely.outside * bytesPerGiB,
    outsideGroup: (pcie ? likely.outside + pcieCommunicator : likely.outsideGroup) * bytesPerGiB,
    graphs: likely.graphs * bytesPerGiB,
    wholePrompts: likely.wholePrompts,
  };
}

/** Share of a device that vLLM takes where nothing states it. */
export const vllmShare = 0.9;

/**
 * Sequences at once that an engine takes where nothing states them. vLLM: 256 in the first engine, 1,024 on every card when the
 * second was new (0.8), then on cards of 70 GiB and more but the A100.
 */
export function sequencesByDefault(engine: string, accelerator: Accelerator | undefined, version?: string): number {
  const { slots } = engineTraits(engine);
  if (slots !== undefined) return slots;
  const minor = minorRelease(version);
  if (minor !== undefined && minor < 9) return minor < 8 ? 256 : 1024;
  return isLarge(accelerator) ? 1024 : 256;
}

/** Cards that vLLM gives larger batches: 70 GiB and more, but not the A100. */
function isLarge(accelerator: Accelerator | undefined): boolean {
  const roomy = accelerator !== undefined && accelerator.memory >= 70 * bytesPerGiB;
  return roomy && accelerator.architecture.toLowerCase() !== 'ampere';
}

/** Tokens of one batch of prompts that a server takes where nothing states them: vLLM's 2,048, or 8,192 on large cards. */
export function batchedTokensByDefault(engine: string, accelerator: Accelerator | undefined): number {
  return engine === 'vllm' && !isLarge(accelerator) ? 2048 : 8192;
}
