import type { Accelerator } from '../catalog/accelerator.ts';
import type { Precision } from '../workload/spec.ts';
import type { Efficiency } from './efficiency.ts';

/** Class of devices that share one behaviour of matmuls under load. */
export type Generation =
  | 'volta'
  | 'turing'
  | 'ampere'
  | 'ampere-small'
  | 'ada'
  | 'geforce'
  | 'hopper'
  | 'blackwell'
  | 'cdna'
  | 'tpu'
  | 'other';

/** A device as the time model sees it: rates in FLOP/s and bytes/s. */
export interface DeviceRates {
  readonly generation: Generation;
  /** Dense matrix rate of 16-bit formats with fp32 accumulation. */
  readonly half: number;
  /** Rate of fp32 matmuls on vector units. */
  readonly vector: number;
  /** Rate of TF32 matmuls; the vector rate where the device has none. */
  readonly tf32: number;
  readonly fp8: number;
  readonly fp4: number;
  /** Device memory. */
  readonly bandwidth: number;
  /** Last-level cache, bytes, and its rate over the memory's. */
  readonly cache: number;
  readonly cacheGain: number;
  /** Share of `half` that large warm matmuls reach in operator tables, where there is one. */
  readonly tableShare: number | undefined;
  /** What a smaller power budget leaves of that share. */
  readonly powered: number;
  /** Per device and direction: NVLink, Infinity Fabric, ICI, else PCIe. */
  readonly link: number;
  readonly pcie: boolean;
  /** bf16 has matrix units; else fp16 alone has. */
  readonly bfloat: boolean;
  /** Devices joined by the link without a network card between: 8 of an HGX node, 72 of an NVL72 rack. */
  readonly domain: number;
  /** Time of one thread of the usual host over that of an EPYC 7742. */
  readonly host: number;
  /** Network card's bytes per second for one device, as the reference node of the generation has it. */
  readonly network: number;
}

const generationOf: Readonly<Record<string, Generation>> = {
  Volta: 'volta',
  Turing: 'turing',
  Ampere: 'ampere',
  Ada: 'ada',
  'Ada Lovelace': 'ada',
  Hopper: 'hopper',
  Blackwell: 'blackwell',
  'Blackwell Ultra': 'blackwell',
};

/**
 * Tensor-core rate over vector fp32 rate with fp32 accumulation: GeForce parts run at half of the professional
 * ones (NVIDIA architecture white papers of Turing, GA102, AD102, GB202).
 */
const geForceFactor: Readonly<Record<string, number>> = { Turing: 4, Ampere: 2, Ada: 2, Blackwell: 2 };
/** The same for professional cards of the small dies (RTX A-series, Quadro, Titan RTX). */
const professionalFactor: Readonly<Record<string, number>> = { Turing: 8, Ampere: 4, Ada: 4, Blackwell: 4 };

const isGeForce = (name: string) => /^(GeForce|RTX ?[2-5]0[5-9]0)/i.test(name);

/** Blackwell's professional cards with the small dies. */
const isWorkstation = (name: string) => /^RTX ?PRO/i.test(name);

/** Devices whose NVLink reaches over a rack of 72 (GB200 and GB300 NVL72). */
const isRackScale = (name: string) => /^GB[23]00/.test(name);

/** Network of the reference node, bytes per second and device: DGX-1/2, DGX A100, H100, B200, B300; clouds' Ethernet for cards. */
const referenceNetwork: Readonly<Record<Generation, number>> = {
  volta: 6.25e9,
  turing: 1.5e9,
  ampere: 25e9,
  'ampere-small': 1.5e9,
  ada: 3e9,
  geforce: 1.5e9,
  hopper: 50e9,
  blackwell: 50e9,
  cdna: 50e9,
  tpu: 50e9,
  other: 12.5e9,
};

/**
 * Single-thread time of the hosts that a generation sits in, over the DGX A100's EPYC 7742 (public single-thread scores): Xeon
 * E5-2698 v4 and 8168 beside Volta and Turing, 7R32 and 7002 beside GA102, Sapphire Rapids and Genoa beside Ada and Hopper,
 * Granite Rapids, Turin and Grace beside Blackwell, desktop parts of 5 GHz beside GeForce.
 */
const hostTime: Readonly<Record<Generation, number>> = {
  volta: 1.2,
  turing: 1.2,
  ampere: 1,
  'ampere-small': 1,
  ada: 0.8,
  geforce: 0.65,
  hopper: 0.75,
  blackwell: 0.75,
  cdna: 0.75,
  tpu: 1,
  other: 1,
};

/**
 * Last-level cache in MB and its rate over the memory's: white papers (Volta 6, GA102 6, A100 40, Ada 72-96, H100 50,
 * B200 126, MI300X 256 MB) and public latency and bandwidth measurements of them.
 */
const caches: Readonly<Record<Generation, readonly [number, number]>> = {
  volta: [6, 2.5],
  turing: [5, 3],
  ampere: [40, 2.5],
  'ampere-small': [6, 3],
  ada: [96, 4],
  geforce: [48, 4],
  hopper: [50, 2],
  blackwell: [126, 2],
  cdna: [256, 2],
  tpu: [0, 1],
  other: [24, 2],
};

/** Parts whose host is NVIDIA's own processor. */
const isGrace = (name: string) => /^G[BH][23]00/.test(name);
/** Time of PyTorch's own work for one linear beside Grace over that beside a Xeon 8480C: 33 and 37 of 13.5 microseconds (TransformerEngine issue 2053). */
const graceTime = 2.6;

/** PCIe 4.0 x16, one direction. */
const pcieLink = 32e9;

function generation(accelerator: Accelerator): Generation {
  const { name, vendor, architecture } = accelerator;
  if (isGeForce(name)) return 'geforce';
  if (/amd/i.test(vendor)) return /cdna/i.test(architecture) ? 'cdna' : 'other';
  if (/google/i.test(vendor)) return 'tpu';
  const found = generationOf[architecture] ?? 'other';
  if (found === 'ampere' && !/^A(100|800|30)\b/.test(name)) return 'ampere-small';
  if (found === 'hopper' && /^H20\b/.test(name)) return 'hopper';
  return found;
}

const remembered = new WeakMap<Accelerator, DeviceRates | { readonly missing: true }>();

/** Rates of a device; undefined where its tables lack the matrix rate or the memory bandwidth. Remembered per device. */
export function ratesOf(accelerator: Accelerator): DeviceRates | undefined {
  const known = remembered.get(accelerator);
  if (known) return 'missing' in known ? undefined : known;
  const rates = readRates(accelerator);
  remembered.set(accelerator, rates ?? { missing: true });
  return rates;
}

function readRates(accelerator: Accelerator): DeviceRates | undefined {
  const { name, architecture, peak } = accelerator;
  const kind = generation(accelerator);
  const vector = peak.fp32 ?? 0;
  const family = generationOf[architecture] === undefined ? architecture : architecture.split(' ')[0];
  const listed = Math.max(peak.bf16 ?? 0, peak.fp16 ?? 0);
  const law = vector * ((kind === 'geforce' ? geForceFactor : professionalFactor)[family ?? ''] ?? 0);
  // Tables give the rate of vector units for some cards (twice the fp32 rate on Turing); the tensor cores' follows from it.
  const vectorOnly = listed <= vector * (kind === 'turing' ? 2.05 : 1.1) && kind !== 'cdna' && kind !== 'other';
  const half = kind === 'geforce' || vectorOnly ? Math.max(listed, law) : listed;
  const bandwidth = accelerator.bandwidth ?? 0;
  if (half <= 0 || bandwidth <= 0) return undefined;
  const pcie = /pcie/i.test(accelerator.interconnect ?? 'pcie');
  const bfloat = kind !== 'volta' && kind !== 'turing' && !/^(RTX ?20|TITAN)/i.test(name);
  const tensorTf32 = kind === 'volta' || kind === 'turing' || !bfloat ? 0 : half / 2;
  return {
    generation: kind,
    half,
    vector: vector > 0 ? vector : half / 16,
    tf32:
      Math.max(
        Math.min(peak.tf32 ?? tensorTf32, half / 2),
        tensorTf32 > 0 && peak.tf32 === undefined ? tensorTf32 : 0,
      ) || vector,
    fp8: peak.fp8 ?? half,
    fp4: peak.fp4 ?? peak.fp8 ?? half,
    bandwidth,
    cache: caches[kind][0] * 1e6,
    cacheGain: caches[kind][1],
    tableShare: shareOfTables(name, kind),
    powered: powerShare(accelerator, kind, half),
    link: accelerator.linkBandwidth ?? pcieLink,
    pcie,
    bfloat,
    domain: isRackScale(name) ? 72 : kind === 'tpu' ? 256 : (accelerator.perNode ?? 8),
    host: hostTime[kind] * (isGrace(name) ? graceTime : 1),
    network: referenceNetwork[kind] * (/B300/.test(name) ? 2 : 1),
  };
}

/**
 * Ceilings of large 16-bit matmuls over the dense rate in public operator tables (ai-dynamo/aiconfigurator, about
 * 24,000 shapes a device): A100 0.85, H100 and H200 0.81, L40S 0.60 at large sizes, B200 0.71. Turing at a Quadro's power,
 * from which a T4 falls to 0.5; others as the middle.
 */
const tableCeiling: Partial<Record<Generation, number>> = {
  ampere: 0.85,
  hopper: 0.81,
  ada: 0.62,
  blackwell: 0.71,
  turing: 0.64,
  other: 0.65,
};
/** Ceiling of B300, whose larger power budget holds the clocks longer. */
const ultraCeiling = 0.79;
/** Gaudi 3, whose matrix rate four times Gaudi 2's gives some one and a half times its training rates (optimum-habana's own runs). */
const gaudiCeiling = 0.4;

function shareOfTables(name: string, kind: Generation): number | undefined {
  if (/B300/.test(name)) return ultraCeiling;
  return /^gaudi3/i.test(name) ? gaudiCeiling : tableCeiling[kind];
}

/** A board by the power it may draw, in watts, and its 16-bit rate. */
interface Board {
  readonly watts: number;
  readonly half: number;
}

/** The boards behind the ceilings: Quadro RTX 8000; A100, H100 and B200 of eight-card nodes; L40S. */
const measuredBoard: Partial<Record<Generation, Board>> = {
  turing: { watts: 260, half: 130.5e12 },
  ampere: { watts: 400, half: 312e12 },
  ada: { watts: 350, half: 362e12 },
  hopper: { watts: 700, half: 989e12 },
  blackwell: { watts: 1000, half: 2250e12 },
};
/** RTX PRO 6000, the full board of Blackwell's small dies. */
const workstationBoard: Board = { watts: 600, half: 467.8e12 };

/**
 * Share of the measured boards' ceiling at another power budget. Clocks under a cap follow the power for each unit of rate to
 * about its 0.4th (dynamic power goes with the cube of the clock, static power does not move).
 */
function powerShare({ name, powerWatts: watts }: Accelerator, kind: Generation, half: number): number {
  const board = isWorkstation(name) ? workstationBoard : measuredBoard[kind];
  if (!board || watts === undefined) return 1;
  return Math.min(1, ((watts / half) * (board.half / board.watts)) ** 0.4);
}

const ceilingKey = {
  volta: 'gemmVolta',
  'ampere-small': 'gemmAmpereSmall',
  geforce: 'gemmGeForce',
  cdna: 'gemmCdna',
  tpu: 'gemmTpu',
} as const satisfies Partial<Record<Generation, keyof Efficiency>>;

function ceilingShare({ generation, tableShare, powered }: DeviceRates, k: Efficiency): number {
  if (tableShare === undefined) return k[ceilingKey[generation as keyof typeof ceilingKey]];
  return powered * tableShare * (generation === 'ampere' || generation === 'turing' ? k.sustained : k.sustainedNew);
}

/** Ceiling of 16-bit matmuls on a device, FLOP/s. */
export function halfCeiling(rates: DeviceRates, k: Efficiency): number {
  return rates.half * ceilingShare(rates, k);
}

/** FLOP/s that large matmuls of a compute format reach on a device. */
export function matmulCeiling(rates: DeviceRates, compute: Precision, k: Efficiency): number {
  const share = ceilingShare(rates, k);
  switch (compute) {
    case 'fp32':
      return rates.vector * k.gemmVector;
    case 'tf32':
      return rates.tf32 > rates.vector ? rates.tf32 * share : rates.vector * k.gemmVector;
    case 'fp8':
      return Math.max(rates.fp8 * k.gemmFp8, rates.half * share);
    case 'fp4':
    case 'mxfp4':
      return Math.max(rates.fp4 * k.gemmFp4, rates.fp8 * k.gemmFp8, rates.half * share);
    case 'bf16':
      return rates.bfloat ? rates.half * share : rates.vector * k.gemmVector;
    default:
      return rates.half * share;
  }
}

/**
 * FLOP/s of large matmuls whose operands lie in eight or four bits already: the share of their peak that 16-bit ones reach of theirs. Casts
 * are counted apart (`compute-casts.ts`).
 */
export function narrowCeiling(rates: DeviceRates, compute: Precision, k: Efficiency): number {
  const share = ceilingShare(rates, k);
  const peak =
    compute === 'fp8'
      ? rates.fp8 * share
      : 1 / ((1 - keptWide) / (rates.fp4 * share) + keptWide / (rates.half * share));
  return Math.max(peak, matmulCeiling(rates, compute, k));
}

/** Share of the layers that recipes for four bits leave in 16 (NVIDIA 2025, arXiv 2509.25149; torchtitan's recipe: the last 15 %). */
const keptWide = 0.15;

/** The peak that a share of peak (MFU) is stated against: the dense rate of the compute format. */
export function statedPeak(rates: DeviceRates, compute: Precision): number {
  switch (compute) {
    case 'fp32':
      return rates.vector;
    case 'tf32':
      return rates.tf32;
    case 'fp8':
      return rates.fp8;
    case 'fp4':
    case 'mxfp4':
      return rates.fp4;
    default:
      return rates.half;
  }
}

/**
 * Bytes per second at which elementwise kernels pass over tensors of a size: the memory's rate, or the cache's for
 * tensors that still lie in it when the next kernel reads them.
 */
export function elementwiseBandwidth(rates: DeviceRates, tensorBytes: number, k: Efficiency): number {
  const crowded = rates.cache > 0 ? (4 * tensorBytes) / rates.cache : Number.POSITIVE_INFINITY;
  const gain = 1 + (rates.cacheGain - 1) / (1 + crowded * crowded);
  return rates.bandwidth * k.memoryShare * gain;
}
