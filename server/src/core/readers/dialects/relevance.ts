import type { Sheet } from './sheet.ts';

/** True where something on the sheet is of a model, its training or its serving: names and limits alone make no workload. */
export function statesWork(sheet: Sheet): boolean {
  const telling =
    /^(?:model|training|optimizer|lora|peft|quantization|data|parallel|rl)\.|^serving\.(?!replicas|m(?:in|ax)_replicas)/;
  return [...sheet.facts, ...sheet.open].some((fact) => telling.test(fact.name));
}

/** True where the sheet names a device of its own choice. */
export function namesDevice(sheet: Sheet): boolean {
  return sheet.facts.some(
    ({ name, value }) =>
      (name === 'hardware.accelerator' && value !== 'cpu') ||
      name === 'hardware.accelerator_candidates' ||
      ((name === 'hardware.gpus_per_node' || name === 'hardware.accelerators_per_node') && value !== 0),
  );
}
