/** How a dialect writes accelerators: `short` A100-80GB, `label` nvidia-a100-80gb, `enum` NVIDIA_A100_80GB. */
export type AcceleratorSpelling = 'short' | 'label' | 'enum';

/** Names of Google's node labels; the enum of Vertex AI and Compute Engine is the same in capitals. */
const labels: ReadonlyMap<string, string> = new Map([
  ['t4', 'nvidia-tesla-t4'],
  ['p4', 'nvidia-tesla-p4'],
  ['p100', 'nvidia-tesla-p100'],
  ['v100', 'nvidia-tesla-v100'],
  ['v100-16gb', 'nvidia-tesla-v100'],
  ['l4', 'nvidia-l4'],
  ['a100', 'nvidia-tesla-a100'],
  ['a100-40gb', 'nvidia-tesla-a100'],
  ['a100-80gb', 'nvidia-a100-80gb'],
  ['h100', 'nvidia-h100-80gb'],
  ['h200', 'nvidia-h200-141gb'],
  ['b200', 'nvidia-b200'],
  ['gb200', 'nvidia-gb200'],
]);

const tpuLabels: ReadonlyMap<string, string> = new Map([
  ['tpu-v4', 'tpu-v4-podslice'],
  ['tpu-v5e', 'tpu-v5-lite-podslice'],
  ['tpu-v5p', 'tpu-v5p-slice'],
  ['tpu-v6e', 'tpu-v6e-slice'],
]);

/** A normal accelerator name in a dialect's spelling; undefined where the dialect has no word for it. */
export function spellAccelerator(name: string, spelling: AcceleratorSpelling): string | undefined {
  if (spelling === 'label') return labels.get(name) ?? tpuLabels.get(name);
  if (spelling === 'enum') return labels.get(name)?.replaceAll('-', '_').toUpperCase();
  return name.startsWith('tpu-') ? name : name.toUpperCase();
}
