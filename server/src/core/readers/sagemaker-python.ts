import { readDataset } from './dialects/python/data-section.ts';
import { createLedger } from './dialects/python/ledger.ts';
import { pythonReader } from './dialects/python/lens.ts';
import { estimatorOf, readChannels, readEstimator } from './dialects/python/sagemaker-section.ts';

/** Reads programs that start SageMaker training jobs through the Python SDK. */
export const reader = pythonReader({
  id: 'sagemaker-python',
  info: { title: 'SageMaker Python SDK', files: 'Python scripts and notebooks with an estimator' },
  mentions: (text) => /\bsagemaker\b/.test(text) && /\b(instance_type|entry_point)\b/.test(text),
  find: (program) => {
    const estimator = estimatorOf(program);
    if (!estimator) return undefined;
    const ledger = createLedger();
    const references = readEstimator(ledger, estimator);
    readDataset(program, ledger);
    readChannels(program, ledger, estimator);
    return { ledger, anchor: estimator.at, references, role: 'job' };
  },
});
