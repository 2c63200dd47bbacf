import type { Program } from '../evaluate/python.ts';
import { configKeys, knobName, shapeKeys } from './dialects/python/config-names.ts';
import { putKeys } from './dialects/python/keywords.ts';
import { createLedger } from './dialects/python/ledger.ts';
import { pythonReader } from './dialects/python/lens.ts';

/** Names that tell a file of plain assignments to be a training configuration. */
const telling =
  /^(training\.(per_device_batch_size|max_steps|epochs|gradient_accumulation_steps)|optimizer\.(lr|min_lr|warmup_steps)|data\.seq_len|model\.num_layers)$/;

/** Reads Python files of plain assignments that a training program executes over its own constants. */
export const reader = pythonReader({
  id: 'exec-config',
  info: { title: 'Executed configuration files', files: 'Python files of assignments, as nanoGPT takes them' },
  mentions: (text) =>
    !/^\s*(def|class|from|for|with|if|while)\s/m.test(text) &&
    /^(batch_size|learning_rate|max_iters|block_size|gradient_accumulation_steps|n_layer|num_epochs|max_steps|micro_batch_size|lr)\s*=/m.test(
      text,
    ),
  find: (program) => {
    if (!isPlain(program)) return undefined;
    const ledger = createLedger();
    const values = new Map([...program.globals].map(([name, value]) => [knobName(name), value] as const));
    const keys = [...configKeys, ...shapeKeys].map((key) => ({ ...key, quiet: true }));
    putKeys(ledger, keys, (name) => values.get(name));
    const told = [...ledger.entries.keys()].filter((name) => telling.test(name));
    if (told.length < 2) return undefined;
    const anchors = told.flatMap((name) => ledger.entries.get(name)?.value.at ?? []);
    const [anchor] = anchors;
    return anchor ? { ledger, anchor, role: 'config' } : undefined;
  },
});

function isPlain(program: Program): boolean {
  return program.tree.children.every(
    (node) =>
      node.type === 'comment' ||
      node.type === 'import_statement' ||
      (node.type === 'expression_statement' &&
        /^(assignment|string|augmented_assignment)$/.test(node.children[0]?.type ?? '')),
  );
}
