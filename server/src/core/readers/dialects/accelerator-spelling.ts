/**
 * How a dialect writes accelerators: `short` A100-80GB, `label` nvidia-a100-80gb, `enum` NVIDIA_A100_80GB,
 * `product` NVIDIA-A100-SXM4-80GB, `family` a100.
 */
export type AcceleratorSpelling = 'short' | 'label' | 'enum' | 'product' | 'family';

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

/** Product names that NVIDIA's feature discovery puts on nodes. */
const products: ReadonlyMap<string, string> = new Map([
  ['t4', 'Tesla-T4'],
  ['v100-16gb', 'Tesla-V100-SXM2-16GB'],
  ['v100-32gb', 'Tesla-V100-SXM2-32GB'],
  ['l4', 'NVIDIA-L4'],
  ['l40s', 'NVIDIA-L40S'],
  ['a10', 'NVIDIA-A10'],
  ['a10g', 'NVIDIA-A10G'],
  ['a40', 'NVIDIA-A40'],
  ['a100-40gb', 'NVIDIA-A100-SXM4-40GB'],
  ['a100-80gb', 'NVIDIA-A100-SXM4-80GB'],
  ['h100', 'NVIDIA-H100-80GB-HBM3'],
  ['h200', 'NVIDIA-H200'],
  ['b200', 'NVIDIA-B200'],
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
  if (spelling === 'product') return products.get(name);
  if (spelling === 'family') return name.startsWith('tpu-') ? undefined : name.replace(/-\d+gb$/, '');
  if (spelling === 'enum') return labels.get(name)?.replaceAll('-', '_').toUpperCase();
  return name.startsWith('tpu-') ? name : name.toUpperCase();
}
