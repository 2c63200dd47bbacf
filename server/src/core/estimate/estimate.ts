import type { Offer, PriceKind } from '../catalog/offer.ts';
import type { FailureRate } from '../lifecycle/failure-rate.ts';
import type { Crossing, Place } from '../lifecycle/placement.ts';
import type { Platform, PreemptionCheck } from '../lifecycle/preemption.ts';
import type { WastePoint } from '../lifecycle/waste-curve.ts';
import type { Problem } from '../source/problem.ts';
import type { Origin } from '../source/traced.ts';
import type { Interval } from '../units/interval.ts';
import type { MoneyInterval } from '../units/money.ts';
import type { Bytes, Flops, GpuHours, GramsCo2e, KilowattHours, Seconds } from '../units/quantity.ts';

/** A part of the device's memory at the peak. */
export type MemoryPart =
  | 'weights'
  | 'master-weights'
  | 'gradients'
  | 'optimizer'
  | 'activations'
  | 'logits'
  | 'buffers'
  | 'adapter'
  | 'reference-model'
  | 'weight-average'
  | 'rollout-engine'
  | 'kv-cache'
  | 'context'
  | 'fragmentation';

export interface MemoryTerm {
  readonly part: MemoryPart;
  /** Words for the row: "weights bf16". */
  readonly label: string;
  readonly bytes: Interval<Bytes>;
  /** The field of the spec, or fact, that causes most of it; links the row to its line. */
  readonly origin?: Origin;
}

export type Phase = 'load' | 'forward' | 'loss' | 'backward' | 'optimizer-step' | 'serving';

/** Memory of the fullest device. */
export interface MemoryEstimate {
  /** Moment at which the most is live. */
  readonly phase: Phase;
  /** Parts live at that moment; they add up to `device`. */
  readonly terms: readonly MemoryTerm[];
  /** Peak of tensors (torch `max_memory_allocated`). */
  readonly allocated: Interval<Bytes>;
  /** Peak of the allocator's pool (torch `max_memory_reserved`). */
  readonly reserved: Interval<Bytes>;
  /** What the device shows (nvidia-smi): pool, context, communicators. */
  readonly device: Interval<Bytes>;
  /** What the device has to give; absent where the accelerator is unknown. */
  readonly capacity?: Bytes;
  /** `no` only where even the low end is too much; `tight` where the high end is. */
  readonly fits: 'yes' | 'tight' | 'no' | 'unknown';
}

export interface TimeEstimate {
  /** One optimiser step; of a served vision network, one batch. */
  readonly step: Interval<Seconds>;
  /** Whole run; absent where its length is unknown. */
  readonly run?: Interval<Seconds>;
  readonly steps?: Interval;
  readonly tokensPerSecondPerDevice?: Interval;
  readonly samplesPerSecond?: Interval;
  /** Model FLOPs of one step over all devices. */
  readonly flopsPerStep: Interval<Flops>;
  /** Model FLOPs over peak; the share of peak that training reaches. */
  readonly utilization: Interval;
  /** Seconds of a step by cause, at the likely point. */
  readonly parts: readonly { readonly label: string; readonly seconds: Seconds }[];
  readonly deviceHours?: Interval<GpuHours>;
}

/** Something that a run pays for besides its accelerators. Its price is known, or `unknown` says why it is not. */
export interface CostPart {
  readonly id: 'disk' | 'file-system' | 'head-node' | 'egress' | 'reads';
  /** "disk of 256 GiB". */
  readonly label: string;
  /** Of what is billed as long as the run lasts; for all machines together. */
  readonly perHour?: MoneyInterval;
  /** Of what is billed once a run. */
  readonly once?: MoneyInterval;
  /** What the price is of, with its region where that is another, and its date. */
  readonly basis?: string;
  readonly source?: string;
  readonly unknown?: string;
  /** What states it. */
  readonly origin?: Origin;
}

export interface CostEstimate {
  readonly total?: MoneyInterval;
  /** All that is billed by the hour: the machines, and the parts that are. */
  readonly perHour: MoneyInterval;
  /** The machines alone, where parts are billed beside them. */
  readonly machinesPerHour?: MoneyInterval;
  /** What is billed beside the machines, where the files state any; already in the sums where its price is known. */
  readonly parts?: readonly CostPart[];
  readonly offer: Offer | { readonly rate: MoneyInterval; readonly origin: Origin };
  readonly kind: PriceKind;
  readonly perThousandSteps?: MoneyInterval;
  readonly perMillionTokens?: MoneyInterval;
}

export interface StorageEstimate {
  /** Bytes of one save. */
  readonly perSave: Interval<Bytes>;
  /** Saves over the run; absent where its length is unknown. */
  readonly saves?: Interval;
  /** Bytes lying at the end under the retention rule. */
  readonly kept?: Interval<Bytes>;
  readonly perMonth?: MoneyInterval;
}

export interface EnergyEstimate {
  readonly energy: Interval<KilowattHours>;
  readonly carbon?: Interval<GramsCo2e>;
  readonly source: string;
}

export interface ServingEstimate {
  /** Tokens that the KV pool holds. */
  readonly kvTokens: Interval;
  readonly kvBytesPerToken: number;
  /** Sequences of full context length that fit at once. */
  readonly fullLengthSequences: Interval;
  readonly weights: Interval<Bytes>;
  readonly prefillTokensPerSecond?: Interval;
  /** Of all running sequences of one replica together, prompts being done. */
  readonly decodeTokensPerSecond?: Interval;
  /** Answers' tokens of one replica under its full load, prompts and waits included. */
  readonly outputTokensPerSecond?: Interval;
  /** Wall clock of one request under that load. */
  readonly requestSeconds?: Interval;
  readonly perMillionOutputTokens?: MoneyInterval;
}

/** What interruptions cost a run: machines that break, spot capacity that is taken back. */
export interface InterruptionEstimate {
  readonly hoursBetween: Interval;
  /** Work done again over the work itself: 0.2 is a fifth more hours. */
  readonly lostShare: Interval;
}

/** The interval that a job states, with what it loses of the paid time: stalls, repeated work, restarts. */
export interface StatedInterval {
  readonly steps: number;
  readonly seconds: Seconds;
  /** Absent where nothing is known of interruptions. */
  readonly waste?: Interval;
}

/** When a run should save, and what its own interval loses. */
export interface CheckpointPlan {
  /** Seconds that one save stops the devices. */
  readonly stall: Interval<Seconds>;
  /** Seconds from the start of a save until it can be resumed from. */
  readonly write: Interval<Seconds>;
  /** Written behind the work: the stall is the copy to the host alone. */
  readonly asynchronous: boolean;
  /** Seconds from an interruption until the run computes again. */
  readonly restart: Seconds;
  readonly stated?: StatedInterval;
  /** How often the run is interrupted; absent where nothing tells, and everything below with it. */
  readonly rate?: FailureRate;
  /** Work between saves that loses least; its range is that of rate and storage. */
  readonly best?: Interval<Seconds>;
  /** The same by Daly's closed form. */
  readonly daly?: Seconds;
  /** Work between saves that loses at most one per cent more: at the likely rate, at any within its range where it was counted. */
  readonly band?: { readonly from: Seconds; readonly to: Seconds };
  /** The band's ends and the best in optimiser steps. */
  readonly steps?: Interval;
  /** Share of the paid time that is lost at the best. */
  readonly wasteAtBest?: number;
  /** The whole run is shorter than the best interval: its last save is enough. */
  readonly endsSooner?: boolean;
  readonly curve?: readonly WastePoint[];
}

/** What spot capacity comes to after interruptions. */
export interface SpotEstimate {
  /** Share of the paid hours that stays done. */
  readonly useful: Interval;
  /** What the rate of interruptions rests on; `unknown` makes the range one of published traces. */
  readonly basis: FailureRate['basis'];
  /** Price of an hour that stays done; absent where so little stays that the run may never end. */
  readonly perUsefulHour?: MoneyInterval;
}

/** Reads of the training data over the way from its bucket to the machines, and traffic between zones. */
export interface PlacementEstimate {
  readonly address?: string;
  readonly from?: Place;
  readonly to: Place;
  readonly crossing?: Crossing;
  /** Bytes of one pass, and passes over the run. */
  readonly bytes?: number;
  readonly reads?: number;
  /** Price of the way, of one decimal GB, and what it is of. */
  readonly perGB?: MoneyInterval;
  readonly basis?: string;
  readonly source?: string;
  /** What all reads come to, and one copy beside the machines with a month of keeping it instead. */
  readonly total?: MoneyInterval;
  readonly copyOnce?: MoneyInterval;
  /** Why there is no price. */
  readonly unknown?: string;
  readonly origin?: Origin;
  /** Traffic between the zones that the nodes stand in. */
  readonly zones?: {
    readonly count: number;
    readonly bytesPerStep: number;
    readonly total?: MoneyInterval;
    /** The price list bills nothing between zones. */
    readonly free?: boolean;
    /** The scheduler may choose fewer. */
    readonly most?: boolean;
  };
}

/** How well a job whose capacity may be taken back is prepared for it. */
export interface PreemptionEstimate {
  /** What runs the job. */
  readonly platform?: Platform;
  readonly checks: readonly (PreemptionCheck & { readonly origin?: Origin })[];
  /** Seconds of work that one preemption costs at most, where the job's saves and steps are known. */
  readonly mostLost?: Seconds;
  readonly noticeSeconds?: number;
  readonly directory?: string;
}

/** What the figures rest on beyond the code: shown under the table, each with its effect in words. */
export interface Assumption {
  readonly id: string;
  /** "41 % MFU (36-46)", "no price in the repo: us-east-1 on-demand, 2026-07-30". */
  readonly text: string;
}

/** All figures of one job. A part that cannot be worked out is absent and `problems` says why; nothing is ever zero for want of data. */
export interface Estimate {
  readonly parameters?: Interval;
  readonly trainableParameters?: Interval;
  readonly memory?: MemoryEstimate;
  readonly time?: TimeEstimate;
  readonly cost?: CostEstimate;
  readonly storage?: StorageEstimate;
  readonly energy?: EnergyEstimate;
  readonly serving?: ServingEstimate;
  readonly interruption?: InterruptionEstimate;
  readonly checkpoints?: CheckpointPlan;
  readonly spot?: SpotEstimate;
  readonly preemption?: PreemptionEstimate;
  readonly placement?: PlacementEstimate;
  readonly devices?: number;
  readonly assumptions: readonly Assumption[];
  readonly problems: readonly Problem[];
}
