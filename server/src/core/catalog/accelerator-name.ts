import { editDistance } from '../source/nearest.ts';
import type { Accelerator } from './accelerator.ts';

/** A spelling taken apart: what names the chip, what the memory, what the board. */
interface NameParts {
  readonly chip: string;
  readonly memory?: string;
  readonly board?: string;
}

/** Longer texts name no accelerator. */
const longestName = 120;

/** Words that vendors, schedulers and clouds put round a chip's name and that tell nothing apart. */
const noise = new Set(
  (
    'nvidia nvidiacom amd amdcom intel google aws qualcomm habana tesla geforce quadro instinct accelerator gpu gpus product ' +
    'hbm2 hbm2e hbm3 hbm3e tensor core generation graphics server edition shared oam com type cloudgooglecom cloud gke count card ' +
    'blackwell hopper secure community'
  ).split(' '),
);

const boards = /^(sxm\d?|pcie?|nvl\d*|nvlink)$/;

/** A spelling without case and separators. */
export function foldName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/**
 * The name alone, without what schedulers write round it: `gpu:h100:8`, `H100:8`, `nvidia.com/gpu.product=...`,
 * `v5litepod-16`. A slice of a device (MIG) is another thing than the device and gives undefined.
 */
export function bareName(name: string): string | undefined {
  if (/\bmig\b|mig-|\d+g\.\d+gb/i.test(name)) return undefined;
  const bare = name
    .replace(/^.*=/, '')
    .replace(/\(.*?\)|["']/g, '')
    .trim()
    .replace(/^(?:gres[:/])?gpu[:/]/i, '')
    .replace(/^\d{1,3} ?[x*] ?(?=\D)/i, '')
    .replace(/ ?[:*] ?\d{1,4}$/, '');
  return tpuSlice.exec(bare)?.[1] ?? bare;
}

/** A TPU type with the cores or chips of its slice: `v4-32`, `tpu-v5litepod-16`. */
const tpuSlice = /^(?:cloud[-_ ]?)?(?:tpu[-_ ]?)?(v\d(?:e|p|litepod)?)[-_ ]\d+$/i;

/** Takes a spelling apart: `NVIDIA A100-SXM4-80GB` is chip a100, memory 80, board sxm. */
export function splitName(name: string): NameParts {
  let memory: string | undefined;
  let board: string | undefined;
  const chip: string[] = [];
  for (const word of name.toLowerCase().split(/[^a-z0-9]+/)) {
    if (!word || noise.has(word)) continue;
    const size = /^(\d{1,3})(g|gb|gib)$/.exec(word);
    if (size) memory = size[1];
    else if (boards.test(word)) board = word.startsWith('pci') ? 'pcie' : word.startsWith('nvl') ? 'nvl' : 'sxm';
    else chip.push(word);
  }
  const parts: { chip: string; memory?: string; board?: string } = { chip: chip.join('') };
  if (memory !== undefined) parts.memory = memory;
  if (board !== undefined) parts.board = board;
  return parts;
}

/** Finds an accelerator by any spelling. */
export interface AcceleratorIndex {
  find(name: string): Accelerator | undefined;
  /** Known names by likeness, the nearest first. */
  nearest(name: string): readonly string[];
  /** Spellings that two rows claim. */
  readonly ambiguous: readonly string[];
}

/**
 * Index over names and aliases. A spelling is looked for as it stands, without case and separators; then by its parts:
 * the rows of its chip whose memory and board agree with what it states. Where several agree, the row that answers to
 * the plain chip name comes first, then the row that answers to chip and memory.
 */
export function indexAccelerators(accelerators: readonly Accelerator[]): AcceleratorIndex {
  const exact = new Map<string, Accelerator>();
  const ambiguous: string[] = [];
  for (const accelerator of accelerators) {
    for (const spelling of [accelerator.name, ...accelerator.aliases]) {
      const key = foldName(spelling);
      const before = exact.get(key);
      if (before && before !== accelerator) ambiguous.push(spelling);
      else exact.set(key, accelerator);
    }
  }
  let byChip: ReadonlyMap<string, readonly SplitSpelling[]> | undefined;
  const resolve = (name: string): Accelerator | undefined => {
    const bare = bareName(name);
    if (bare === undefined) return undefined;
    const found = exact.get(foldName(bare)) ?? exact.get(foldName(name));
    if (found) return found;
    const { chip, memory, board } = splitName(bare);
    if (!chip) return undefined;
    const fits = (accelerator: Accelerator, parts: NameParts) =>
      (memory === undefined || memory === (parts.memory ?? memoryOf(accelerator))) &&
      (board === undefined || board === (parts.board ?? boardOf(accelerator)));
    byChip ??= splitSpellings(accelerators);
    const rows = (byChip.get(chip) ?? []).filter(({ accelerator, parts }) => fits(accelerator, parts));
    const plain = rows.find(({ parts }) => parts.memory === undefined && parts.board === undefined);
    return (plain ?? rows.find(({ parts }) => parts.board === undefined) ?? rows[0])?.accelerator;
  };
  // Names come from files, so what is kept is bounded.
  const resolved = new Map<string, Accelerator>();
  const find = (name: string): Accelerator | undefined => {
    const before = resolved.get(name);
    if (before) return before;
    const found = name.length > longestName ? undefined : resolve(name);
    if (found && resolved.size < 4096) resolved.set(name, found);
    return found;
  };
  // A name that nothing knows is asked again with every estimate, and is far dearer to compare than to keep.
  const near = new Map<string, readonly string[]>();
  const nearest = (name: string): readonly string[] => {
    const before = near.get(name);
    if (before) return before;
    const found = nearestNames(bareName(name) ?? name, accelerators);
    if (near.size < 256 && name.length <= longestName) near.set(name, found);
    return found;
  };
  return { find, nearest, ambiguous };
}

interface SplitSpelling {
  readonly parts: NameParts;
  readonly accelerator: Accelerator;
}

/** Every spelling taken apart, by its chip: needed only for one that no row has as it stands. */
function splitSpellings(accelerators: readonly Accelerator[]): ReadonlyMap<string, readonly SplitSpelling[]> {
  const byChip = new Map<string, SplitSpelling[]>();
  for (const accelerator of accelerators)
    for (const spelling of [accelerator.name, ...accelerator.aliases]) {
      const parts = splitName(spelling);
      const rows = byChip.get(parts.chip) ?? [];
      rows.push({ parts, accelerator });
      byChip.set(parts.chip, rows);
    }
  return byChip;
}

function memoryOf(accelerator: Accelerator): string {
  return String(Math.round(accelerator.memory / 2 ** 30));
}

function boardOf({ interconnect }: Accelerator): string | undefined {
  if (interconnect === undefined) return undefined;
  if (interconnect.includes('bridge')) return 'nvl';
  return interconnect.startsWith('NVLink') ? 'sxm' : interconnect === 'PCIe' ? 'pcie' : undefined;
}

function nearestNames(name: string, accelerators: readonly Accelerator[]): readonly string[] {
  const asked = foldName(name.slice(0, longestName));
  if (!/\d/.test(asked) && asked.length < 4) return [];
  const scored = accelerators.map((accelerator) => {
    const spellings = [accelerator.name, ...accelerator.aliases].map(foldName);
    const distance = Math.min(...spellings.map((one) => likeness(asked, one)));
    return { name: accelerator.name, distance };
  });
  const good = scored.filter(({ distance }) => distance <= Math.max(1, asked.length / 3));
  return good
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map((one) => one.name);
}

/** Edits between two words, a shared beginning counting for likeness. */
function likeness(a: string, b: string): number {
  return a.length > 1 && b.startsWith(a) ? 0.5 : editDistance(a.slice(0, 40), b.slice(0, 40));
}
