import { callsOf } from './dialects/python/calls.ts';
import { flag, positive, text } from './dialects/python/forms.ts';
import { createLedger, put } from './dialects/python/ledger.ts';
import { pythonReader } from './dialects/python/lens.ts';
import { hoursIn, putAccelerator, readTotal } from './dialects/python/resource-section.ts';
import { isAnyTrainer } from './dialects/python/training-loop.ts';

/** Reads Modal apps: the GPUs, limits and cluster of the function that trains or serves. */
export const reader = pythonReader({
  id: 'modal',
  info: { title: 'Modal', files: 'Python files with `@app.function(gpu=...)`' },
  mentions: (text) => /\bmodal\b/.test(text) && /\bgpu\s*=/.test(text),
  find: (program) => {
    const functions = callsOf(program, /^modal\.(\w+\.)*(function|cls)$/);
    const made = functions.find((event) => event.keywords.has('gpu'));
    if (!made || isAnyTrainer(program)) return undefined;
    const ledger = createLedger();
    putAccelerator(ledger, made.keywords.get('gpu'));
    put(ledger, 'hardware.time_limit_hours', made.keywords.get('timeout'), hoursIn('s'));
    put(ledger, 'job.max_retries', made.keywords.get('retries'), positive, { quiet: true });
    const options = made.keywords.get('experimental_options');
    if (options?.kind === 'dict') put(ledger, 'infra.efa', options.store.get('efa_enabled'), flag);
    const cluster = callsOf(program, /^modal\.(\w+\.)*clustered$/)[0];
    if (cluster) put(ledger, 'hardware.nodes', cluster.keywords.get('size') ?? cluster.positional[0], positive);
    const app = callsOf(program, /^modal\.(App|Stub)$/)[0];
    if (app) put(ledger, 'job.name', app.positional[0] ?? app.keywords.get('name'), text, { implied: true });
    readTotal(ledger);
    return { ledger, anchor: made.at, role: 'job' };
  },
});
