import { expect, test } from 'vitest';
import { baseName, folderOf } from '#server/gather/uri.ts';

test.each([
  ['file:///work/job/train.py', 'file:///work/job'],
  ['file:///train.py', 'file://'],
  ['vscode-vfs://github/owner/repo/train.py', 'vscode-vfs://github/owner/repo'],
  ['vscode-vfs://github/train.py', 'vscode-vfs://github'],
  ['memfs:/job/train.py', 'memfs:/job'],
  ['memfs:/train.py', 'memfs:'],
  ['file://', undefined],
  ['memfs:', undefined],
  ['vscode-vfs://github', undefined],
  ['untitled:Untitled-1', undefined],
  ['train.py', undefined],
])('the folder of %s is %s', (uri, folder) => {
  expect(folderOf(uri)).toBe(folder);
});

test('the name of a document has its spaces back', () => {
  expect(baseName('memfs:/job/my%20run.sbatch?x#y')).toBe('my run.sbatch');
});
