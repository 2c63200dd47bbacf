import { expect, test } from 'vitest';
import { createCatalog } from '#core/catalog/decode.ts';
import { defaultSettings } from '#core/settings.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { readNeighbours } from '#server/gather/neighbours.ts';
import { keepAnalyses } from '#server/lsp/analyses.ts';
import type { Documents } from '#server/lsp/documents.ts';
import { testSyntax } from '../grammars.ts';
import { projectFile } from './server.ts';

const disk = new Map(
  ['run.sbatch', 'fsdp.yaml'].map((name) => {
    const { uri, text } = projectFile(`examples/llama-sft/${name}`);
    return [uri, text];
  }),
);

/** Analyses of one open document over a disk in memory, each read taking a turn of the event loop. */
async function openedAnalyses(text: string) {
  const { uri } = projectFile('examples/llama-sft/train.py');
  let file: SourceFile = { uri, languageId: 'python', version: 1, text };
  const documents: Documents = {
    file: (one) => (one === uri ? file : undefined),
    all: () => [file],
    versionOf: () => file.version,
    onChange: () => undefined,
    onClose: () => undefined,
  };
  const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 1));
  const host = {
    readFile: (one: string) => turn().then(() => disk.get(one)),
    readFolder: () => turn().then(() => [...disk.keys()]),
    readAsset: () => Promise.reject(new Error('no assets')),
  };
  const syntax = await testSyntax();
  const catalog = createCatalog({}).value;
  const analyses = keepAnalyses({
    documents,
    neighbours: readNeighbours(host, () => true),
    engine: () => Promise.resolve({ syntax, catalog }),
    settingsOf: () => Promise.resolve(defaultSettings),
  });
  return {
    view: () => analyses.viewOf(uri),
    edit: (words: string) => {
      file = { ...file, version: file.version + 1, text: words };
    },
  };
}

const { text } = projectFile('examples/llama-sft/train.py');
const names = (files: readonly string[] | undefined) =>
  (files ?? []).map((uri) => uri.slice(uri.lastIndexOf('/') + 1)).sort();

test('requests that come together all see the files that files name', async () => {
  const { view } = await openedAnalyses(text);
  const views = await Promise.all([view(), view(), view()]);
  for (const one of views) {
    expect(names(one?.workloads[0]?.workload.files)).toEqual(['fsdp.yaml', 'run.sbatch', 'train.py']);
  }
});

test('the same text gives the same analysis, an edit another', async () => {
  const { view, edit } = await openedAnalyses(text);
  const first = await view();
  expect((await view())?.workloads[0]).toBe(first?.workloads[0]);
  edit(text.replace('per_device_train_batch_size=4', 'per_device_train_batch_size=2'));
  const second = await view();
  expect(second?.file.version).toBe(2);
  expect(second?.workloads[0]).not.toBe(first?.workloads[0]);
});
