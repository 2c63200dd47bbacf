/** Accelerators by the word that names them in files. Longer names stand before those they begin with. */
const devices =
  /(?:^|[^a-z0-9])(gh200|gb200|gb300|b200|b300|h200|h100|h800|h20|a100|a800|a10g|a10|a16|a30|a40|a6000|a5000|a4500|a4000|l40s|l40|l4|t4g|t4|v100s?|p100|p40|p4|k80|k40|m60|mi100|mi210|mi250x?|mi300x|mi300a|mi325x|mi350x|mi355x)(?=sxm|pcie|nvl|x\d|$|[^a-z0-9])/;

const tpus: readonly (readonly [RegExp, string])[] = [
  [/v5-?lite|v5e/, 'tpu-v5e'],
  [/v6e|trillium/, 'tpu-v6e'],
  [/v5p/, 'tpu-v5p'],
  [/v4/, 'tpu-v4'],
  [/v3/, 'tpu-v3'],
  [/v2/, 'tpu-v2'],
  [/tpu-?(?:v)?7x?|ironwood/, 'tpu-v7'],
];

/**
 * An accelerator's normal name, from what files call it: `nvidia-tesla-t4`, `NVIDIA-A100-SXM4-80GB`, `A100-80GB:8`,
 * `v5litepod-8`, `tpu-v5-lite-podslice`, `MI300X`. The memory size stays where it tells variants apart
 * (A100, V100). Undefined for a text that names none.
 */
export function toAccelerator(text: string): string | undefined {
  const word = text.trim().toLowerCase().replaceAll('_', '-');
  if (/\btpu|^v(?:2|3|4|5p|5e|5litepod|6e)-\d+$|ironwood|trillium/.test(word)) {
    return tpus.find(([pattern]) => pattern.test(word))?.[1];
  }
  const special = /\b(trainium|trn|inferentia|inf|gaudi)-?(\d)?/.exec(word);
  if (special) return specialName(special[1] ?? '', special[2]);
  const rtx = /\brtx[- ]?(?:(pro)[- ]?)?(\d{4}|a\d{4})(?:[- ]?(ti|ada))?/.exec(word);
  if (rtx) {
    const model = rtx[2] ?? '';
    return model.startsWith('a') ? model : `rtx${rtx[1] ?? ''}${model}${rtx[3] === 'ada' ? '-ada' : (rtx[3] ?? '')}`;
  }
  const name = devices.exec(word)?.[1];
  if (!name) return word === 'cpu' ? 'cpu' : undefined;
  const memory = /(\d{2,3})\s?gi?b?(?![a-z0-9])/.exec(word)?.[1];
  if (name === 'a100' && (memory === '40' || memory === '80')) return `a100-${memory}gb`;
  if (name === 'v100' && (memory === '16' || memory === '32')) return `v100-${memory}gb`;
  return name;
}

function specialName(family: string, generation: string | undefined): string {
  if (family === 'gaudi') return `gaudi${generation ?? 1}`;
  if (family === 'trn' || family === 'trainium') return `trainium${generation ?? 1}`;
  return generation === '2' ? 'inferentia2' : 'inferentia';
}

/** The vendor of a normal accelerator name, for facts that name no more. */
export function vendorOf(accelerator: string): string | undefined {
  if (accelerator === 'cpu') return undefined;
  if (accelerator.startsWith('tpu')) return 'google';
  if (accelerator.startsWith('trainium') || accelerator.startsWith('inferentia')) return 'aws';
  if (accelerator.startsWith('gaudi')) return 'intel';
  return accelerator.startsWith('mi') ? 'amd' : 'nvidia';
}
