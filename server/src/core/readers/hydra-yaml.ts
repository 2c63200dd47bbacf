import { type DataMap, entryOf } from '../syntax/data.ts';
import { type Base, keyMapReader } from './dialects/dialect.ts';
import { tellsTraining, trainingTable } from './dialects/training-words.ts';

/** Configs of own training scripts: Hydra, OmegaConf, Lightning CLI or a plain file of hyperparameters. */
export const reader = keyMapReader({
  id: 'hydra-yaml',
  info: { title: 'Hydra and own training configs', files: 'YAML, JSON or TOML with learning rate, batch size, epochs' },
  languages: ['yaml', 'json', 'toml'],
  mentions: /\b(?:lr|lr0|learning_rate|base_lr|max_lr)\b|batch_?size|epochs\b|max_steps|optimizer|^defaults:/im,
  role: 'config',
  interpolation: 'omegaconf',
  table: (view) => trainingTable(view.root, view.under),
  suffices: ({ facts, open }) => facts.length > 2 && tellsTraining([...facts, ...open].map((one) => one.name)),
  anchors: ['trainer', 'training', 'train', 'trainer_config', 'optimizer', 'batch_size', 'lr', 'learning_rate'],
  bases,
});

/** The files of a Hydra defaults list; the config's own keys go over them. */
function bases(root: DataMap): readonly Base[] {
  const list = entryOf(root, 'defaults')?.value;
  if (list?.kind !== 'list') return [];
  const found: Base[] = [];
  for (const item of list.items) {
    if (item.kind === 'scalar' && typeof item.value === 'string' && item.value !== '_self_' && !/\s/.test(item.value)) {
      found.push({ path: `${item.value.replace(/^\//, '')}.yaml` });
    }
    const entry = item.kind === 'map' ? item.entries[0] : undefined;
    if (entry?.value.kind !== 'scalar' || typeof entry.value.value !== 'string') continue;
    const [group, at] = entry.key.replace(/^(?:optional|override)\s+/, '').split('@');
    const path = (group ?? '').replace(/^\//, '');
    if (path === '' || path.startsWith('hydra/') || /[${]/.test(entry.value.value)) continue;
    const prefix = at === undefined ? path.split('/') : at === '_global_' || at === '' ? [] : at.split('.');
    found.push({ path: `${path}/${entry.value.value.replace(/\.yaml$/, '')}.yaml`, prefix });
  }
  return found.reverse();
}
