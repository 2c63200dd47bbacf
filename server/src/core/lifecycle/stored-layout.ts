import { type CheckpointLayout, nameOfPath, type StoredFile } from './stored.ts';

/** Weights of one save, whatever its format. */
const weightFile =
  /(?:^|\/)(?:(?:model|adapter_model|pytorch_model|diffusion_pytorch_model)[^/]*\.(?:safetensors|bin)|[^/]*model_states\.pt|model_optim_rng\.pt|consolidated[^/]*\.(?:pth|safetensors)|pytorch_model_fsdp[^/]*|.*\/pytorch_model_fsdp_\d+\/.*)$/;
/** States of the optimizer, and what goes with them. */
const optimizerFile =
  /(?:^|\/)(?:optimizer(?:_\d+)?(?:\.pt|\.bin|\/.*)|[^/]*optim_states\.pt|distrib_optim\.pt|optimizer[^/]*\.(?:pt|bin|distcp))$/;

/** Files that hold weights and states in one: Lightning's, the shards of a distributed save. */
const wholeFile = /\.ckpt$|\.distcp$/;

/** Bytes of a save's files by what they are of; Orbax puts all of a save into stores of its own. */
export function partsOfFiles(files: readonly StoredFile[], path: string, layout: CheckpointLayout) {
  let [weights, optimizer, together, other] = [0, 0, 0, 0];
  for (const file of files) {
    const inner = file.path === path ? nameOfPath(path) : file.path.slice(path.length + 1);
    if (optimizerFile.test(inner)) optimizer += file.bytes;
    else if (weightFile.test(inner)) weights += file.bytes;
    else if (wholeFile.test(inner) || layout === 'orbax') together += file.bytes;
    else other += file.bytes;
  }
  return { weights, optimizer, together, other };
}

/** What a folder or file is by its name: the layout it may be of and its order among its kind. */
export interface NamedAs {
  readonly order?: number;
  readonly layouts: readonly CheckpointLayout[];
}

const folderNames: readonly (readonly [RegExp, readonly CheckpointLayout[]])[] = [
  [/^checkpoint-(\d+)$/, ['peft', 'hf-trainer', 'deepspeed', 'dcp']],
  [/^checkpoint_(\d+)$/, ['accelerate', 'dcp']],
  [/^global_step(\d+)$/, ['deepspeed']],
  [/^iter_(\d+)$/, ['megatron']],
  [/^(?:step|epoch)[-_](\d+)$/, ['dcp', 'peft', 'hf-trainer']],
  [/^(\d+)$/, ['orbax', 'dcp']],
  [/^(?:.*step[=_](\d+)|.*epoch[=_](\d+)|.*).*\.ckpt$/, ['lightning']],
];

/** What a folder's name says; undefined where it is none that a trainer gives a save. */
export function namedAs(name: string): NamedAs | undefined {
  for (const [form, layouts] of folderNames) {
    const found = form.exec(name);
    const order = found?.[1] ?? found?.[2];
    if (found) return { layouts, ...(order === undefined ? {} : { order: Number(order) }) };
  }
  return undefined;
}

/** Files by which a layout is known. */
const marks: Readonly<Record<CheckpointLayout, RegExp>> = {
  peft: /^adapter_(?:model\.(?:safetensors|bin)|config\.json)$/,
  'hf-trainer':
    /^(?:trainer_state\.json|training_args\.bin|model[^/]*\.safetensors|pytorch_model.*|optimizer\.(?:pt|bin))/,
  accelerate: /^(?:model[^/]*\.safetensors|pytorch_model.*|random_states_\d+\.pkl|optimizer\.bin)/,
  deepspeed: /(?:model|optim)_states\.pt$/,
  megatron: /^mp_rank_\d+|\.distcp$|^(?:common\.pt|metadata\.json)$/,
  dcp: /\.distcp$|^\.metadata$/,
  orbax: /^(?:_CHECKPOINT_METADATA|_METADATA|commit_success\.txt)$|(?:^|\/)(?:manifest\.ocdbt|_sharding)$/,
  lightning: /./,
};

/** The layout that the files of a save are of; undefined where they are of none. */
export function layoutOf(named: NamedAs, inner: readonly string[]): CheckpointLayout | undefined {
  return named.layouts.find((layout) => inner.some((path) => marks[layout].test(path)));
}

/** What a save lacks that its format writes; undefined where nothing is missing. */
export function lackOf(layout: CheckpointLayout, inner: readonly string[], bytes: number): string | undefined {
  const has = (form: RegExp) => inner.some((path) => form.test(path));
  if (bytes === 0) return 'it is empty';
  const shards = missingShard(inner);
  if (shards) return shards;
  switch (layout) {
    case 'hf-trainer':
    case 'peft':
      if (!has(/^trainer_state\.json$/)) return 'it lacks trainer_state.json, which is written last';
      return has(weightFile) || has(/(?:^|\/)global_step\d+\//) || has(/\.distcp$/) ? undefined : 'it lacks weights';
    case 'deepspeed':
      return has(/model_states\.pt$/) ? missingRank(inner) : 'it lacks model states';
    case 'dcp':
      return has(/(?:^|\/)\.metadata$/) ? undefined : 'it lacks .metadata, which is written last';
    case 'orbax':
      return has(/^(?:_CHECKPOINT_METADATA|commit_success\.txt)$/)
        ? undefined
        : 'it lacks _CHECKPOINT_METADATA, which is written last';
    case 'megatron':
    case 'accelerate':
    case 'lightning':
      return undefined;
  }
}

/** `model-00001-of-00004`: every number of the row must be there. */
function missingShard(inner: readonly string[]): string | undefined {
  const rows = new Map<string, Set<number>>();
  for (const path of inner) {
    const [, stem, number, of] = /^(.*)-(\d{5})-of-(\d{5})\.[a-z]+$/.exec(path) ?? [];
    if (stem === undefined || number === undefined || of === undefined) continue;
    const key = `${stem}:${Number(of)}`;
    const seen = rows.get(key) ?? new Set();
    seen.add(Number(number));
    rows.set(key, seen);
  }
  for (const [key, seen] of rows) {
    const of = Number(key.slice(key.lastIndexOf(':') + 1));
    if (seen.size < of) return `it has ${seen.size} of ${of} shards`;
  }
  return undefined;
}

/** Ranks of the optimizer's parts count from nought without a gap. */
function missingRank(inner: readonly string[]): string | undefined {
  const ranks = inner.flatMap((path) => {
    const rank = /(?:zero_pp_rank|pp_rank)_(\d+)_mp_rank_\d+_optim_states\.pt$/.exec(path)?.[1];
    return rank === undefined ? [] : [Number(rank)];
  });
  const most = ranks.reduce((high, one) => Math.max(high, one), -1);
  return new Set(ranks).size === most + 1
    ? undefined
    : `it has the optimizer states of ${new Set(ranks).size} of ${most + 1} ranks`;
}
