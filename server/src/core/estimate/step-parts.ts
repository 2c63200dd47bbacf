/** Seconds of one optimiser step by cause; they add up to the step. */
export interface StepSeconds {
  readonly matmuls: number;
  readonly attention: number;
  readonly elementwise: number;
  readonly head: number;
  readonly adapters: number;
  readonly dequantise: number;
  /** Device idle while the host launches. */
  readonly host: number;
  readonly communication: number;
  readonly bubble: number;
  readonly optimizer: number;
  readonly data: number;
  /** Answers that the model is trained on (reinforcement learning). */
  readonly generation: number;
}

/** Whole of a step. */
export function stepTotal(step: StepSeconds): number {
  return (
    step.matmuls +
    step.attention +
    step.elementwise +
    step.head +
    step.adapters +
    step.dequantise +
    step.host +
    step.communication +
    step.bubble +
    step.optimizer +
    step.data +
    step.generation
  );
}

/** A step whose parts all take `factor` times as long. */
export function scaledStep(step: StepSeconds, factor: number): StepSeconds {
  return {
    matmuls: step.matmuls * factor,
    attention: step.attention * factor,
    elementwise: step.elementwise * factor,
    head: step.head * factor,
    adapters: step.adapters * factor,
    dequantise: step.dequantise * factor,
    host: step.host * factor,
    communication: step.communication * factor,
    bubble: step.bubble * factor,
    optimizer: step.optimizer * factor,
    data: step.data * factor,
    generation: step.generation * factor,
  };
}

/** A step in which nothing takes time. */
export const idle: StepSeconds = {
  matmuls: 0,
  attention: 0,
  elementwise: 0,
  head: 0,
  adapters: 0,
  dequantise: 0,
  host: 0,
  communication: 0,
  bubble: 0,
  optimizer: 0,
  data: 0,
  generation: 0,
};

/** Wait of a device for its host: the two overlap, so the longer one decides, with a rounded knee between. */
export function hostExcess(device: number, host: number): number {
  const d2 = device * device;
  const h2 = host * host;
  return Math.sqrt(Math.sqrt(d2 * d2 + h2 * h2)) - device;
}
