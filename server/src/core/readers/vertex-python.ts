import { itemsOf, type Value } from '../evaluate/value.ts';
import { toAccelerator } from './dialects/accelerator-name.ts';
import { spellAccelerator } from './dialects/accelerator-spelling.ts';
import { callsOf } from './dialects/python/calls.ts';
import { configKeys } from './dialects/python/config-names.ts';
import { positive, quote, text } from './dialects/python/forms.ts';
import { putKeys, settingOf } from './dialects/python/keywords.ts';
import { createLedger, imply, type Ledger, put } from './dialects/python/ledger.ts';
import { pythonReader } from './dialects/python/lens.ts';
import { putModelName } from './dialects/python/model-section.ts';
import { putInstance, readTotal } from './dialects/python/resource-section.ts';

/** Reads programs that start Vertex AI training jobs through the Python SDK. */
export const reader = pythonReader({
  id: 'vertex-python',
  info: { title: 'Vertex AI Python SDK', files: 'Python scripts and notebooks with `aiplatform.CustomJob`' },
  mentions: (text) => /\baiplatform\b/.test(text) && /Job\b/.test(text),
  find: (program) => {
    const job = callsOf(
      program,
      /(^|\.)aiplatform\.(\w+\.)*(CustomJob|CustomContainerTrainingJob|CustomPythonPackageTrainingJob|CustomTrainingJob|HyperparameterTuningJob|CustomJob\.from_local_script)$/,
    )[0];
    if (!job) return undefined;
    const ledger = createLedger();
    put(ledger, 'job.name', job.keywords.get('display_name'), text, { quiet: true });
    const pools = job.keywords.get('worker_pool_specs');
    if (pools?.kind === 'list') readPools(ledger, itemsOf(pools));
    else readRun(ledger, (name) => job.keywords.get(name));
    readWords(ledger, job.keywords.get('args'));
    for (const run of callsOf(program, /(TrainingJob|CustomJob)\.(run|submit)$/))
      readRun(ledger, (name) => run.keywords.get(name));
    put(ledger, 'job.image', job.keywords.get('container_uri'), text, { quiet: true });
    put(ledger, 'job.config', job.keywords.get('script_path') ?? job.keywords.get('python_module_name'), text, {
      quiet: true,
    });
    const setup = callsOf(program, /(^|\.)aiplatform\.init$/)[0];
    put(ledger, 'infra.region', job.keywords.get('location') ?? setup?.keywords.get('location'), text, { quiet: true });
    readTotal(ledger);
    const script = job.keywords.get('script_path');
    const references =
      script?.kind === 'string' ? [{ path: script.value, role: 'program' as const, span: script.at }] : [];
    return { ledger, anchor: job.at, references, role: 'job' };
  },
});

function readRun(ledger: Ledger, get: (name: string) => Value | undefined): void {
  const accelerator = get('accelerator_type');
  const name = accelerator?.kind === 'string' ? toAccelerator(accelerator.value) : undefined;
  if (name !== undefined && accelerator) {
    put(ledger, 'hardware.accelerator', accelerator, {
      read: () => ({ value: name, derived: true }),
      spell: (to, old) => {
        const word = spellAccelerator(to, 'enum');
        return word && quote(word, old);
      },
    });
  }
  put(ledger, 'hardware.gpus_per_node', get('accelerator_count'), positive, { quiet: true });
  putInstance(ledger, get('machine_type'));
  put(ledger, 'hardware.nodes', get('replica_count'), positive, { quiet: true });
}

function readPools(ledger: Ledger, pools: readonly Value[]): void {
  const [first] = pools;
  const machine = settingOf(first, 'machine_spec');
  readRun(ledger, (name) => (name === 'replica_count' ? undefined : settingOf(machine, name)));
  const counts = pools.map((pool) => settingOf(pool, 'replica_count'));
  const nodes = counts.reduce((sum, one) => sum + (one?.kind === 'number' ? one.value : Number.NaN), 0);
  const last = counts.findLast((one) => one !== undefined);
  if (last && Number.isFinite(nodes)) {
    if (pools.length === 1) put(ledger, 'hardware.nodes', last, positive);
    else imply(ledger, 'hardware.nodes', nodes, last.at);
  }
  const code = settingOf(first, 'python_package_spec');
  put(ledger, 'job.config', settingOf(code, 'python_module'), text, { quiet: true });
  const container = settingOf(first, 'container_spec');
  put(ledger, 'job.image', settingOf(container, 'image_uri'), text, { quiet: true });
  readWords(ledger, settingOf(code, 'args') ?? settingOf(container, 'args'));
}

/** Flags that the job hands to its program. */
function readWords(ledger: Ledger, list: Value | undefined): void {
  const words = list?.kind === 'list' ? itemsOf(list) : [];
  const flags = new Map<string, Value>();
  words.forEach((word, index) => {
    if (word.kind !== 'string' || !word.value.startsWith('--')) return;
    const [name = '', value] = word.value.slice(2).split('=');
    const next = words[index + 1];
    const given: Value | undefined = value === undefined ? next : { ...word, value, derived: true };
    if (given) flags.set(name.replaceAll('-', '_'), given);
  });
  putModelName(ledger, flags.get('model_name_or_path') ?? flags.get('model_name') ?? flags.get('model_id'));
  putKeys(
    ledger,
    configKeys.filter((key) => key.fact !== 'model.name').map((key) => ({ ...key, quiet: true })),
    (name) => flags.get(name),
  );
}
