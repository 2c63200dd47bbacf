// The first example, made 2,000 lines long by code that carries no cost: what the measurements of speed are taken on.
import { readFileSync } from 'node:fs';

const example = readFileSync(new URL('../examples/llama-sft/train.py', import.meta.url), 'utf8');
const filler = Array.from(
  { length: 220 },
  (_, at) =>
    `def step_${at}(batch, scale=${at}):\n    total = 0\n    for row in batch:\n        if row is None:\n            continue\n        total += row * scale\n    return {"total": total, "mean": total / max(len(batch), 1)}\n\n`,
).join('\n');

/** The text of the script. */
export const longScript = example.replace('def main():', `${filler}\n\ndef main():`);

/** The value that so much of all values lie below. */
export const quantile = (values, share) => values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;
