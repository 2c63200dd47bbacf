import { expect, test } from 'vitest';
import { readPointers, totalPointers } from '#core/lifecycle/pointers.ts';

const lock = `schema: '2.0'
stages:
  train:
    cmd: python train.py
    deps:
    - path: data/raw
      hash: md5
      md5: 11aa.dir
      size: 5000
      nfiles: 3
    params:
      params.yaml:
        lr: 0.1
    outs:
    - path: model.bin
      hash: md5
      md5: 22bb
      size: 800
`;

test('a .dvc file and dvc.lock tell what they track; what a stage reads is not counted again', () => {
  expect(
    readPointers('data/raw.dvc', 'outs:\n- md5: 11aa.dir\n  size: 5000\n  nfiles: 3\n  hash: md5\n  path: raw\n'),
  ).toEqual([{ path: 'data/raw', kind: 'dvc', address: '11aa.dir', bytes: 5000, files: 3 }]);
  expect(readPointers('dvc.lock', lock)).toEqual([{ path: 'model.bin', kind: 'dvc', address: '22bb', bytes: 800 }]);
});

test('a git-lfs pointer, and the reference of a lakeFS clone, which tells no size', () => {
  const lfs = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n';
  expect(readPointers('weights.bin', lfs)).toEqual([
    { path: 'weights.bin', kind: 'git-lfs', address: 'sha256:4d7a', bytes: 12_345 },
  ]);
  expect(readPointers('data/.lakefs_ref.yaml', 'src: lakefs://repo/main/data/\nat_head: 5a91\n')).toEqual([
    { path: 'data/.lakefs_ref.yaml', kind: 'lakefs', address: 'lakefs://repo/main/data/@5a91' },
  ]);
  expect(readPointers('notes.md', 'version 2\nsize 5\n')).toEqual([]);
});

test('equal contents are stored once', () => {
  const one = readPointers('a.dvc', 'outs:\n- md5: aa\n  size: 10\n  path: a\n');
  const two = readPointers('b.dvc', 'outs:\n- md5: aa\n  size: 10\n  path: b\n- md5: bb\n  path: c\n');
  expect(totalPointers([...one, ...two])).toEqual([{ kind: 'dvc', count: 3, bytes: 20, stored: 10, unsized: 1 }]);
});
