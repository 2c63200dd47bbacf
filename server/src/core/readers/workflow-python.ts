import { createLedger } from './dialects/python/ledger.ts';
import { pythonReader } from './dialects/python/lens.ts';
import { readTotal } from './dialects/python/resource-section.ts';
import { isAnyTrainer } from './dialects/python/training-loop.ts';
import { readWorkflow } from './dialects/python/workflow-section.ts';

/** Reads workflows whose steps ask for GPUs and train by another program: Metaflow, Flyte, TorchX components. */
export const reader = pythonReader({
  id: 'workflow-python',
  info: {
    title: 'Metaflow, Flyte and TorchX',
    files: 'Python files with `@resources(gpu=...)`, `@task(requests=...)`, `specs.Role`',
  },
  mentions: (text) =>
    /\b(metaflow|flytekit|flyte|union|torchx)\b/.test(text) &&
    /\bgpu\b|accelerator/.test(text) &&
    !/\b(unittest|pytest)\b/.test(text),
  find: (program) => {
    if (isAnyTrainer(program)) return undefined;
    const ledger = createLedger();
    const asked = readWorkflow(program, ledger);
    if (!asked) return undefined;
    readTotal(ledger);
    return { ledger, anchor: asked.at, role: 'job' };
  },
});
