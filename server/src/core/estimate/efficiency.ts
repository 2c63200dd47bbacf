/**
 * Numbers of the time model that no data sheet gives: shares of peak rates and costs of software.
 * Those marked (fit) are fitted by `test/reference/fit/fit.mjs` on one half of the published runs, chosen by source;
 * the others are taken from the source named beside them. None belongs to one run.
 */
export interface Efficiency {
  /**
   * What a training step reaches of the rate that operator tables show for warm kernels alone: power, clocks, gaps
   * and contention (fit). The tables' ceilings stand in `compute-rates.ts`.
   */
  readonly sustained: number;
  /** The same of Hopper, Ada and Blackwell, whose clocks fall further under the power cap (fit). */
  readonly sustainedNew: number;
  /** Share of the dense matrix rate that large 16-bit matmuls reach in a step, where no operator table is public (fit). */
  readonly gemmVolta: number;
  /** A10, A10G, A40, RTX A-series: GA102, bound by power. */
  readonly gemmAmpereSmall: number;
  /** GeForce cards of any generation: fp32 accumulation at half rate, so never bound by power. */
  readonly gemmGeForce: number;
  /** AMD CDNA. */
  readonly gemmCdna: number;
  /** Google TPU. */
  readonly gemmTpu: number;
  /** Share of the fp8 rate that an fp8 linear reaches in serving, scaling and casting kernels included (fit); training counts casts apart. */
  readonly gemmFp8: number;
  /** The same for four-bit matmuls. */
  readonly gemmFp4: number;
  /** Share of the vector fp32 rate that fp32 matmuls reach (fit). */
  readonly gemmVector: number;
  /** What stacks of 2021 to 2023 reach of those shares: llm-foundry, Megatron before fused attention (fit). */
  readonly earlyStack: number;
  /** What those stacks' fused attention reaches of what follows: kernels before FlashAttention-2 (Dao 2023: half to two thirds of it) (fit). */
  readonly earlyAttention: number;
  /** Attention kernels' share of the matrix rate: FlashAttention-2 on GPUs up to Ada (Dao 2023: 0.55-0.73 forward). */
  readonly attentionFlash: number;
  /** The same on Hopper and later without a kernel written for it (Shah et al. 2024: FlashAttention-2 causal at 0.33). */
  readonly attentionFlashNew: number;
  /** Kernels written for Hopper and later (FlashAttention-3, cuDNN). */
  readonly attentionTuned: number;
  /** Batched matmuls of unfused attention. */
  readonly attentionEager: number;
  /** Share of memory bandwidth that elementwise kernels reach (operator tables: 0.75-0.88). */
  readonly memoryShare: number;
  /** Bytes moved by elementwise kernels over the count of 2.9 (fit). */
  readonly traffic: number;
  /** Seconds of host time for one eager kernel launch (fit). */
  readonly launch: number;
  /** Host seconds for gathering and releasing one sharded unit in one pass: FSDP (fit). */
  readonly shardHook: number;
  /** The same for DeepSpeed's per-module hooks (fit). */
  readonly deepspeedHook: number;
  /** Seconds an optimiser step takes beside its kernels: loader, logging, synchronisation (fit). */
  readonly stepOverhead: number;
  /** Share of NVLink, Infinity Fabric or ICI rate that collectives reach (operator tables: 0.68-0.78). */
  readonly linkShare: number;
  /** Share of the network card's rate that collectives reach (fit). */
  readonly networkShare: number;
  /** Share of a PCIe link that a collective over two cards reaches; falls with their number. */
  readonly pcieShare: number;
  /** Slow-down of compute by hidden communication, as a share of the hidden time (Calculon: 0.02-0.15) (fit). */
  readonly overlapCost: number;
  /**
   * The same for gathers and scatters of sharded weights on Hopper, Blackwell and CDNA 3. Copies into and out of the collective's buffers
   * read and write what it moves at memory speed, a fifth of the message's time on H100; two fifths is what matmuls lose beside it, whose
   * larger tiles need a second wave for every multiprocessor lent (a public profile: 47 instead of 80 % of peak; Lee et al. 2025: 19 to 40 %).
   */
  readonly overlapCostNew: number;
  /** Share of tensor-parallel communication that stays exposed (fit). */
  readonly tensorExposed: number;
  /** Share of expert all-to-all that stays exposed (fit). */
  readonly expertExposed: number;
  /** Grouped expert matmuls against dense ones: imbalance, permutation, small groups (fit). */
  readonly expertShare: number;
  /** Memory bytes that one dequantised parameter costs in one pass: bitsandbytes (fit). */
  readonly dequantBytes: number;
  /** The same for GPTQ kernels in training (fit). */
  readonly dequantBytesGptq: number;
  /** Share of the matmuls' ceiling that convolutions reach on matrix units: implicit matmuls over small channel counts. */
  readonly convolution: number;
  /**
   * Times that one activation element is read or written in a training pass of a residual network: forward six
   * (convolution, two passes of its norm, activation, next input), backward about twice as often.
   */
  readonly visionTraffic: number;
  /** Share of bandwidth that reading weights reaches when decoding (GEMV: 0.66-0.84). */
  readonly decodeShare: number;
  /** Host seconds for one layer of one decoding step, eager (fit) and with CUDA graphs or a compiled engine (fit). */
  readonly decodeLayerEager: number;
  readonly decodeLayerGraph: number;
  /** Bytes per second that attention of one query streams for one head without splitting its keys (fit). */
  readonly headRate: number;
  /** Engine's share of the rates above under full load: scheduling, sampling, uneven batches (fit). */
  readonly servingShare: number;
}

/**
 * What kernels for Hopper and older gain from Blackwell's rate: its new matrix path alone is twice as fast, exponentials and shared memory of a
 * multiprocessor are not (FlashAttention-4, 2026: 1,613 TFLOP/s on B200 where Triton's kernel has 600).
 */
export const olderPath = 0.5;

/** Starting points of the fit: what operator tables, papers and data sheets say. */
export const priorEfficiency: Efficiency = {
  sustained: 0.9,
  sustainedNew: 0.85,
  gemmVolta: 0.65,
  gemmAmpereSmall: 0.75,
  gemmGeForce: 0.85,
  gemmCdna: 0.5,
  gemmTpu: 0.65,
  gemmFp8: 0.55,
  gemmFp4: 0.4,
  gemmVector: 0.85,
  earlyStack: 0.85,
  earlyAttention: 0.65,
  attentionFlash: 0.6,
  attentionFlashNew: 0.33,
  attentionTuned: 0.6,
  attentionEager: 0.35,
  memoryShare: 0.8,
  traffic: 1,
  launch: 2e-5,
  shardHook: 6e-4,
  deepspeedHook: 3e-3,
  stepOverhead: 0.01,
  linkShare: 0.72,
  networkShare: 0.75,
  pcieShare: 0.6,
  overlapCost: 0.12,
  overlapCostNew: 0.6,
  tensorExposed: 0.9,
  expertExposed: 0.5,
  expertShare: 0.75,
  dequantBytes: 9,
  dequantBytesGptq: 17,
  convolution: 0.9,
  visionTraffic: 17,
  decodeShare: 0.8,
  decodeLayerEager: 6e-4,
  decodeLayerGraph: 4.5e-5,
  headRate: 8e9,
  servingShare: 0.8,
};

/** The numbers that the fit moves. */
export const fittedNames = [
  'sustained',
  'sustainedNew',
  'gemmVolta',
  'gemmAmpereSmall',
  'gemmGeForce',
  'gemmCdna',
  'gemmTpu',
  'gemmFp8',
  'gemmVector',
  'earlyStack',
  'earlyAttention',
  'attentionFlash',
  'attentionFlashNew',
  'traffic',
  'launch',
  'shardHook',
  'deepspeedHook',
  'overlapCost',
  'tensorExposed',
  'expertShare',
  'dequantBytes',
  'dequantBytesGptq',
  'decodeShare',
  'decodeLayerEager',
  'decodeLayerGraph',
  'headRate',
  'servingShare',
] as const satisfies readonly (keyof Efficiency)[];
