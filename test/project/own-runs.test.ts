import { expect, test } from 'vitest';
import { readProject } from '#core/project/project.ts';
import { readYaml } from '#core/syntax/yaml.ts';
import { testCatalog } from '../catalog/load.ts';

const read = (text: string) =>
  readProject(readYaml({ uri: 'file:///work/flopwise.yaml', languageId: 'yaml', version: 1, text }), testCatalog());

test('own runs of the project file become comparisons of step and memory', () => {
  const text = `own_runs:
  - accelerator: H100
    step_seconds: { predicted: 1.4, measured: 1.6 }
  - accelerator: A100-80GB
    memory_gib: { predicted: 61, measured: 64.5 }
`;
  const { settings, problems } = read(text);
  expect(problems).toEqual([]);
  expect(settings.ownRuns).toEqual([
    { accelerator: 'H100', step: { predicted: 1.4, measured: 1.6 } },
    { accelerator: 'A100-80GB', memory: { predicted: 61, measured: 64.5 } },
  ]);
});

test('a run without a whole comparison is named at its line and left out', () => {
  const { settings, problems } = read('own_runs:\n  - accelerator: H100\n    step_seconds: { predicted: 1.4 }\n');
  expect(settings.ownRuns).toBeUndefined();
  expect(problems.length).toBeGreaterThan(0);
});
