import { type DataMap, type DataNode, entryOf } from '../syntax/data.ts';
import { keyMapReader } from './dialects/dialect.ts';
import { count } from './dialects/key-form.ts';
import { addFact, type Gathered, type KeyTable, toFact } from './dialects/key-map.ts';

/** Files that lay out clips and pictures for training: musubi-tuner's `[[datasets]]`, diffusion-pipe's `[[directory]]`. */
export const reader = keyMapReader({
  id: 'clip-dataset',
  info: { title: 'Clips and pictures', files: '*.toml with [[datasets]] or [[directory]] and their resolution' },
  languages: ['toml'],
  mentions: /^\s*(?:video_directory|video_jsonl_file|image_jsonl_file|target_frames|frame_buckets|num_repeats)\s*=/m,
  role: 'fragment',
  table: { 'general.batch_size': count('training.per_device_batch_size') } satisfies KeyTable,
  anchors: ['general', 'resolutions', 'datasets', 'directory'],
  extra(view, gathered) {
    const maps = [view.root, ...inner(view.root)];
    const lists = (name: string) => maps.map((map) => entryOf(map, name)?.value).filter((node) => node !== undefined);
    // The longest clip decides what has to fit.
    const frames = lists('target_frames').concat(lists('frame_buckets'));
    const longest = frames.map((node) => [Math.max(...numbersOf(node)), node] as const).sort((a, b) => b[0] - a[0])[0];
    if (longest && Number.isFinite(longest[0])) put(gathered, 'data.frames', longest[0], longest[1]);
    putSize(gathered, lists('resolution')[0] ?? lists('resolutions')[0]);
    return [];
  },
});

/** The tables below the root, and those of its lists of tables. */
function inner(root: DataMap): readonly DataMap[] {
  const below = root.entries.flatMap(({ value }) => (value.kind === 'list' ? value.items : [value]));
  return below.filter((node): node is DataMap => node.kind === 'map');
}

function numbersOf(node: DataNode): readonly number[] {
  const items = node.kind === 'list' ? node.items : [node];
  return items.flatMap((item) => (item.kind === 'scalar' && typeof item.value === 'number' ? [item.value] : []));
}

/** `[832, 480]` is width and height; one number, or a list of one, the side of a square. */
function putSize(gathered: Gathered, node: DataNode | undefined): void {
  if (!node) return;
  const first = node.kind === 'list' ? node.items[0] : undefined;
  const [width, height] = numbersOf(first?.kind === 'list' ? first : node);
  if (!width) return;
  if (height === undefined) put(gathered, 'data.image_size', width, node);
  else {
    put(gathered, 'data.image_width', width, node);
    put(gathered, 'data.image_height', height, node);
  }
}

type Size = 'data.frames' | 'data.image_size' | 'data.image_width' | 'data.image_height';

function put(gathered: Gathered, name: Size, value: number, node: DataNode): void {
  addFact(gathered, toFact(name, value, node.span, node.kind === 'list'));
}
