import { at, type DataNode, entryOf } from '../syntax/data.ts';
import { count, words } from './dialects/form.ts';
import { jobReader } from './dialects/job-reader.ts';
import { textAt } from './dialects/manifest.ts';
import { putCommands } from './dialects/put-command.ts';
import { putSettings } from './dialects/put-settings.ts';
import { commandsOf, scriptOf } from './dialects/script.ts';
import { imply, newSheet, put, type Sheet, survey } from './dialects/sheet.ts';
import type { Reader } from './reader.ts';

/** Experiments of Determined: slots per trial, searched or fixed hyperparameters, entry point. */
export const reader: Reader = jobReader({
  id: 'determined',
  info: { title: 'Determined experiment', files: 'YAML with `entrypoint:` and `searcher:`' },
  languages: ['yaml'],
  mentions: (text) =>
    /^(?:searcher|hyperparameters)\s*:/m.test(text) &&
    /^(?:entrypoint|resources)\s*:/m.test(text) &&
    /slots_per_trial|entrypoint/.test(text),
  surveys(file, { syntax }) {
    const root = syntax.data(file)[0]?.root;
    if (root?.kind !== 'map' || !at(root, 'searcher')) return [];
    const sheet = newSheet(file);
    const resources = at(root, 'resources');
    put(sheet, 'job.name', at(root, 'name'), words);
    put(sheet, 'hardware.total_gpus', at(resources, 'slots_per_trial') ?? at(resources, 'slots'), count);
    put(sheet, 'job.queue', at(resources, 'resource_pool'), words);
    put(sheet, 'job.max_retries', at(root, 'max_restarts'), count);
    const image = at(root, 'environment', 'image');
    put(sheet, 'job.image', image?.kind === 'map' ? at(image, 'cuda') : image, words);
    const length = at(root, 'searcher', 'max_length');
    put(sheet, 'training.epochs', at(length, 'epochs'), count);
    put(sheet, 'training.max_steps', at(length, 'batches'), count);
    put(sheet, 'training.global_batch_size', at(root, 'hyperparameters', 'global_batch_size'), count);
    putSearch(sheet, at(root, 'searcher'));
    putSettings(sheet, at(root, 'hyperparameters'));
    putSettings(sheet, at(root, 'data'));
    putCommands(sheet, commandsOf(syntax, scriptOf(at(root, 'entrypoint'))), syntax);
    const anchor = entryOf(resources, 'slots_per_trial')?.keySpan ?? entryOf(root, 'entrypoint')?.keySpan ?? root.span;
    return [survey(sheet, 'determined', textAt(root, 'name') ?? 'experiment', 'job', anchor)];
  },
});

/** A search over several trials; the adaptive searchers stop poor ones early. */
function putSearch(sheet: Sheet, searcher: DataNode | undefined): void {
  const name = at(searcher, 'name');
  if (!name || !put(sheet, 'sweep.trials', at(searcher, 'max_trials'), count)) return;
  const kind = name.kind === 'scalar' ? String(name.value) : '';
  const rule = /asha|halving|hyperband/.test(kind) ? kind : /^(random|grid)$/.test(kind) ? 'none' : undefined;
  if (rule) imply(sheet, 'sweep.early_stopping', rule, name.span, 'The searcher decides how trials are stopped.');
}
