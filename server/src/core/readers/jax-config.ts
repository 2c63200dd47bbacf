import type { Program } from '../evaluate/python.ts';
import type { CallEvent } from '../evaluate/value.ts';
import { toAccelerator } from './dialects/accelerator-name.ts';
import { jaxKeys, knobName } from './dialects/python/config-names.ts';
import { putKeys } from './dialects/python/keywords.ts';
import { createLedger, imply, type Ledger, put } from './dialects/python/ledger.ts';
import { pythonReader } from './dialects/python/lens.ts';

/** Reads configuration functions of JAX projects: `get_config()` that fills a `ConfigDict`. */
export const reader = pythonReader({
  id: 'jax-config',
  info: { title: 'JAX configuration functions', files: 'Python files with `get_config()` and `ml_collections`' },
  mentions: (text) => /\bdef get_config\b/.test(text) && /\bconfig\b/i.test(text),
  find: (program) => {
    const made = program.events.find(
      (event) => event.path === 'get_config' && event.at.uri === program.file.uri && isConfig(event),
    );
    if (made?.result.kind !== 'object') return undefined;
    const ledger = createLedger();
    const fields = new Map([...made.result.fields].map(([name, value]) => [knobName(name), value] as const));
    putKeys(ledger, jaxKeys, (name) => fields.get(name));
    if (!isTraining(ledger)) return undefined;
    readDocstring(program, ledger);
    const half = fields.get('half_precision') ?? fields.get('use_mixed_precision');
    if (half?.kind === 'bool' && half.value && fields.has('half_precision')) {
      const gpu = ledger.entries.get('hardware.accelerator')?.fact.value;
      const value = typeof gpu === 'string' && !gpu.startsWith('tpu') ? 'fp16' : 'bf16';
      put(ledger, 'training.precision', half, { read: () => ({ value, derived: true }), spell: () => undefined });
    }
    const anchor = program.tree.children.find((node) => node.type === 'function_definition');
    const { uri } = program.file;
    return { ledger, anchor: { uri, start: anchor?.start ?? 0, end: anchor?.end ?? 0 }, role: 'config' };
  },
});

function isConfig(event: CallEvent): boolean {
  return event.result.kind === 'object' && /(ConfigDict|ConfigDict\\(\\))$|ConfigDict/.test(event.result.path);
}

function isTraining(ledger: Ledger): boolean {
  return (
    ledger.entries.has('optimizer.lr') ||
    ledger.entries.has('training.max_steps') ||
    ledger.entries.has('training.epochs')
  );
}

/** The file's own sentence on the hardware it is tuned for: "on 8 x Nvidia V100 GPUs". */
function readDocstring(program: Program, ledger: Ledger): void {
  const [first] = program.tree.children;
  const node = program.tree.children.find(
    (one) => one.type === 'expression_statement' && one.children[0]?.type === 'string',
  );
  if (!first || !node) return;
  const text = program.file.text.slice(node.start, node.end);
  const match = /(\d+)\s*(?:x|×)\s*((?:nvidia\s+|google\s+)?[a-z][\w-]*)/i.exec(text);
  const accelerator = match ? toAccelerator((match[2] ?? '').replace(/^(nvidia|google)\s+/i, '')) : undefined;
  if (!match || accelerator === undefined) return;
  const span = {
    uri: program.file.uri,
    start: node.start + match.index,
    end: node.start + match.index + match[0].length,
  };
  imply(ledger, 'hardware.accelerator', accelerator, span);
  imply(
    ledger,
    accelerator.startsWith('tpu') ? 'hardware.total_accelerators' : 'hardware.total_gpus',
    Number(match[1]),
    span,
  );
}
