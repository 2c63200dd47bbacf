import type { Program } from '../evaluate/python.ts';
import type { CallEvent, DictValue, ObjectValue, Value } from '../evaluate/value.ts';
import { toAccelerator } from './dialects/accelerator-name.ts';
import { jaxKeys, knobName } from './dialects/python/config-names.ts';
import { positive } from './dialects/python/forms.ts';
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
    const fields = fieldsOf(made.result);
    // Beside a width of the embedding, the hidden one is that of the feed-forward layers.
    const inner = fields.has('embed_dim') ? fields.get('hidden_dim') : undefined;
    put(ledger, 'model.ffn_hidden_size', inner, positive, { quiet: true });
    putKeys(ledger, jaxKeys, (name) => (name === 'hidden_dim' && inner ? undefined : fields.get(name)));
    if (!isTraining(ledger)) return undefined;
    readDocstring(program, ledger);
    const brain = fields.get('use_bfloat16') ?? fields.get('bfloat16') ?? fields.get('use_bf16');
    if (brain?.kind === 'bool' && brain.value)
      put(ledger, 'training.precision', brain, {
        read: () => ({ value: 'bf16', derived: true }),
        spell: () => undefined,
      });
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
  if (event.result.kind !== 'object') return false;
  return /ConfigDict/.test(event.result.path) || (/Config$/.test(event.result.path) && fieldsOf(event.result).size > 4);
}

/** Groups of a configuration whose entries are settings of the run itself. */
const groups =
  /^(model|net|network|transformer\w*|optim\w*|train\w*|data\w*|dataset|lr|schedule\w*|lr_schedule|pp|params|config)$/;

/** The settings by their names; those in a group come after the ones at the top. */
function fieldsOf(config: ObjectValue, depth = 0): ReadonlyMap<string, Value> {
  const fields = new Map<string, Value>();
  const own = [...(config.call?.keywords ?? []), ...config.fields];
  for (const [name, value] of own) if (!isGroup(value)) fields.set(knobName(name), value);
  if (depth > 2) return fields;
  for (const [name, value] of own) {
    if (!isGroup(value) || !groups.test(knobName(name))) continue;
    const inner = value.kind === 'dict' ? asObject(value) : value;
    for (const [key, one] of fieldsOf(inner, depth + 1)) if (!fields.has(key)) fields.set(key, one);
  }
  return fields;
}

function isGroup(value: Value): value is ObjectValue | DictValue {
  return value.kind === 'dict' || (value.kind === 'object' && /ConfigDict|Config$/.test(value.path));
}

function asObject(value: DictValue): ObjectValue {
  return { kind: 'object', path: 'dict', fields: value.store, at: value.at };
}

function isTraining(ledger: Ledger): boolean {
  return (
    ledger.entries.has('optimizer.lr') ||
    ledger.entries.has('optimizer.base_lr') ||
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
