import { folderOf, nameOfPath, type StoredCheckpoint, type StoredFile, type StoredRun } from './stored.ts';
import { lackOf, layoutOf, namedAs, partsOfFiles } from './stored-layout.ts';

/** Small files that say which save is which; their texts decide what must stay. */
const pointers = /(?:^|\/)(?:trainer_state\.json|latest|latest_checkpointed_iteration\.txt)$/;

/** The files whose texts are needed to tell the best save and the one that a run resumes from. */
export function pointersOf(files: readonly StoredFile[]): readonly string[] {
  return files.filter(({ path }) => pointers.test(path)).map(({ path }) => path);
}

/** Finds the saves below a folder by the names that trainers give them, and groups them by the folder they lie in. */
export function findRuns(files: readonly StoredFile[], texts: ReadonlyMap<string, string>): readonly StoredRun[] {
  const groups = new Map<string, StoredFile[]>();
  for (const file of files) {
    const path = saveOf(file.path);
    if (path === undefined) continue;
    const group = groups.get(path) ?? [];
    group.push(file);
    groups.set(path, group);
  }
  const runs = new Map<string, StoredCheckpoint[]>();
  for (const [path, group] of groups) {
    const save = checkpointOf(path, group);
    if (!save) continue;
    const folder = folderOf(path);
    runs.set(folder, [...(runs.get(folder) ?? []), save]);
  }
  return [...runs]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, checkpoints]) => {
      const sorted = checkpoints.sort(byOrder);
      return { path, checkpoints: sorted, ...marksOf(path, sorted, texts) };
    });
}

/** The outermost part of a path that is named like a save. */
function saveOf(path: string): string | undefined {
  const names = path.split('/');
  const at = names.findIndex((name, index) => {
    const named = namedAs(name);
    // A lone number names many things; only a folder can be a save by it.
    return named !== undefined && (index < names.length - 1 || name.endsWith('.ckpt'));
  });
  return at < 0 ? undefined : names.slice(0, at + 1).join('/');
}

function checkpointOf(path: string, files: readonly StoredFile[]): StoredCheckpoint | undefined {
  const named = namedAs(nameOfPath(path));
  const inner = files.map((file) => (file.path === path ? nameOfPath(path) : file.path.slice(path.length + 1)));
  const layout = named && layoutOf(named, inner);
  if (!named || !layout) return undefined;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const lack = lackOf(layout, inner, bytes);
  return {
    path,
    layout,
    ...(named.order === undefined ? {} : { order: named.order }),
    bytes,
    parts: partsOfFiles(files, path, layout),
    files,
    ...(lack === undefined ? {} : { incomplete: lack }),
  };
}

function byOrder(a: StoredCheckpoint, b: StoredCheckpoint): number {
  const [x, y] = [a.order ?? Number.POSITIVE_INFINITY, b.order ?? Number.POSITIVE_INFINITY];
  return x === y ? (a.path < b.path ? -1 : 1) : x - y;
}

/** Which saves must stay: by the pointer files, else as the framework looks for its last one. */
function marksOf(
  path: string,
  saves: readonly StoredCheckpoint[],
  texts: ReadonlyMap<string, string>,
): Pick<StoredRun, 'resume' | 'best' | 'problems'> {
  const inFolder = (name: string) => (path === '' ? name : `${path}/${name}`);
  const problems: string[] = [];
  const pointed = (file: string, toName: (text: string) => string) => {
    const text = texts.get(inFolder(file))?.trim();
    if (text === undefined || text === '') return undefined;
    const target = inFolder(toName(text));
    if (saves.some((save) => save.path === target)) return target;
    problems.push(`${inFolder(file)} names ${text}, which is not there`);
    return undefined;
  };
  const last =
    saves.find(({ path: one }) => nameOfPath(one) === 'last.ckpt') ??
    saves.findLast(({ order }) => order !== undefined);
  const resume =
    pointed('latest', (text) => text) ??
    pointed('latest_checkpointed_iteration.txt', (text) => `iter_${text.padStart(7, '0')}`) ??
    (last ?? saves.at(-1))?.path;
  return { ...(resume === undefined ? {} : { resume }), best: bestOf(saves, texts), problems };
}

function bestOf(saves: readonly StoredCheckpoint[], texts: ReadonlyMap<string, string>): StoredRun['best'] {
  const states = saves
    .map((save) => ({ save, state: texts.get(`${save.path}/trainer_state.json`) }))
    .filter(({ state }) => state !== undefined);
  const newest = states.at(-1)?.state;
  if (newest !== undefined) {
    const told = bestIn(newest);
    if (told === 'unknown' || told === 'none') return told;
    const found = saves.find(({ path }) => nameOfPath(path) === told);
    return found ? { path: found.path } : 'unknown';
  }
  return saves.some(({ layout }) => layout === 'lightning') ? bestByName(saves) : 'none';
}

/** Measures that callbacks write into names, by whether less or more of them is better. */
const measures: readonly (readonly [RegExp, 1 | -1])[] = [
  [/(?:loss|perplexity|ppl|error|err|mae|mse|wer|cer|fid)=(-?\d+(?:\.\d+)?)/i, 1],
  [/(?:acc|accuracy|auc|auroc|f1|bleu|rouge\w*|map|iou|dice|psnr|ssim|r2)=(-?\d+(?:\.\d+)?)/i, -1],
];

/** The best by a measure that stands in every name but the last save's; unknown where none does. */
function bestByName(saves: readonly StoredCheckpoint[]): StoredRun['best'] {
  const rated = saves.filter(({ path }) => !/^last(?:-v\d+)?\.ckpt$/.test(nameOfPath(path)));
  for (const [form, sign] of measures) {
    const found = rated.map((save) => ({
      path: save.path,
      value: sign * Number(form.exec(nameOfPath(save.path))?.[1]),
    }));
    const [first, ...rest] = found;
    if (!first || found.some(({ value }) => Number.isNaN(value))) continue;
    return { path: rest.reduce((best, one) => (one.value < best.value ? one : best), first).path };
  }
  return 'unknown';
}

/** The name of the best save in a trainer's state. */
function bestIn(state: string): string {
  const parsed = json(state);
  if (typeof parsed !== 'object' || parsed === null) return 'unknown';
  const best = 'best_model_checkpoint' in parsed ? parsed.best_model_checkpoint : undefined;
  if (typeof best === 'string') return nameOfPath(best.replaceAll('\\', '/').replace(/\/+$/, ''));
  const step = 'best_global_step' in parsed ? parsed.best_global_step : undefined;
  if (typeof step === 'number') return `checkpoint-${step}`;
  return 'none';
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
