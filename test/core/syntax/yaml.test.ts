import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outerOffset } from '#core/source/text-map.ts';
import { at, type DataNode, entryOf } from '#core/syntax/data.ts';
import { readYaml } from '#core/syntax/yaml.ts';

const uri = 'file:///job.yaml';
const read = (text: string) => readYaml({ uri, languageId: 'yaml', version: 1, text });

/** The values alone, as a loader would give them. */
const plain = (node: DataNode | undefined): unknown => {
  if (!node) return undefined;
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plain);
  return Object.fromEntries(node.entries.map((entry) => [entry.key, plain(entry.value)]));
};
const values = (text: string) => read(text).map((document) => plain(document.root));
const codes = (text: string) => read(text).flatMap((document) => document.problems.map((problem) => problem.code));

describe('readYaml', () => {
  it('reads scalars as the tools of the field do', () => {
    const text = 'lr: 1e-4\nsteps: 1_000\non: yes\nname: "1e-4"\nempty:\nnone: ~\nbig: 2E5\ntime: 24:00:00\n';
    expect(values(text)).toEqual([
      { lr: 1e-4, steps: 1000, on: true, name: '1e-4', empty: null, none: null, big: 2e5, time: '24:00:00' },
    ]);
  });

  it('gives keys and values their places', () => {
    const text = 'a: 1\nmodel:\n  name: "x/y" # note\n  size: 7\n';
    const entry = entryOf(at(read(text)[0]?.root, 'model'), 'name');
    const slice = (span: { start: number; end: number } | undefined) => text.slice(span?.start, span?.end);
    expect([slice(entry?.keySpan), slice(entry?.value.span)]).toEqual(['name', '"x/y"']);
  });

  it('follows anchors, aliases and merge keys and marks what they share', () => {
    const text = 'base: &b\n  lr: 1\n  wd: 2\nrun:\n  <<: *b\n  lr: 3\nagain: *b\n';
    const root = read(text)[0]?.root;
    expect([at(root, 'run', 'lr'), at(root, 'run', 'wd'), at(root, 'again', 'wd')].map(plain)).toEqual([3, 2, 2]);
    const run = at(root, 'run');
    expect([entryOf(run, 'lr')?.shared, entryOf(run, 'wd')?.shared, entryOf(root, 'again')?.shared]).toEqual([
      undefined,
      true,
      true,
    ]);
    expect(at(root, 'run', 'wd')?.span.start).toBe(text.indexOf('2'));
  });

  it('maps block and folded text back to the document', () => {
    const text =
      'run: |\n  torchrun a.py\n    --lr 2\nfold: >-\n  vllm serve m\n  --tp 8\nq: "a\\tb\\n c"\nplain: x y\n  z\n';
    const root = read(text)[0]?.root;
    const place = (key: string, word: string) => {
      const node = at(root, key);
      if (node?.kind !== 'scalar') return undefined;
      return outerOffset(node.map, String(node.value).indexOf(word));
    };
    const words: [string, string][] = [
      ['run', 'a.py'],
      ['run', '--lr'],
      ['fold', 'vllm'],
      ['fold', '--tp'],
      ['q', 'b'],
      ['q', 'c'],
      ['plain', 'z'],
    ];
    expect(words.map(([key, word]) => text.slice(place(key, word)).startsWith(word))).toEqual(words.map(() => true));
    expect(plain(at(root, 'run'))).toBe('torchrun a.py\n  --lr 2\n');
    expect(plain(at(root, 'fold'))).toBe('vllm serve m --tp 8');
  });

  it('reads every document of a file', () => {
    expect(values('a: 1\n---\nb: 2\n...\n---\n# none\n')).toEqual([{ a: 1 }, { b: 2 }, undefined]);
  });

  it('keeps the rest where a line is broken', () => {
    expect(values('base_model: x\nthis is stray\nnum_epochs: 3\n')).toEqual([{ base_model: 'x', num_epochs: 3 }]);
    expect(values('a: 1\nb: c: d\ne: 4\n')).toEqual([{ a: 1, e: 4 }]);
    expect(values('name: "x\nbatch: 2\nlast: 3\n')).toEqual([{ batch: 2, last: 3 }]);
    expect(values('mods: [q, v\nbatch: 2\n')).toEqual([{ mods: ['q', 'v'], batch: 2 }]);
    expect(values('a:\n\tb: 2\nc: 3\n')).toEqual([{ a: null, b: 2, c: 3 }]);
    expect(codes('a: 1\nb: c: d\ne: 4\n')).toEqual(['yaml-syntax']);
  });

  it('reads templates as words', () => {
    const text =
      'nodes: {{ nodes }}\n{% if x %}\nname: {{ .Values.x | default "a" }}-y\n{% endif %}\n{{- if .b }}\nlast: 1\n{{- end }}\n';
    expect(values(text)).toEqual([{ nodes: '{{ nodes }}', name: '{{ .Values.x | default "a" }}-y', last: 1 }]);
    expect(values('a: {b: {c: 1}}\nd: "{{ x }}"\n')).toEqual([{ a: { b: { c: 1 } }, d: '{{ x }}' }]);
  });

  it('bounds alias bombs, endless aliases and nesting', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (let level = 0; level < 9; level++) {
      const name = 'abcdefghij'[level];
      bomb.push(`${'abcdefghijk'[level + 1]}: &${'abcdefghijk'[level + 1]} [${Array(9).fill(`*${name}`).join(', ')}]`);
    }
    expect(codes(bomb.join('\n'))).toEqual(['yaml-alias-bomb']);
    expect(codes('a: &a\n  b: *a\n')).toEqual(['yaml-alias']);
    expect(codes('['.repeat(100_000))).toEqual(['yaml-too-large']);
    expect(codes('- '.repeat(100_000))).toEqual(['yaml-too-large']);
    expect(codes(Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'))).toEqual([
      'yaml-too-deep',
    ]);
  });

  it('never throws and keeps spans inside the text', () => {
    const words = [
      'a: ',
      '- ',
      '"',
      "'",
      '\n',
      '  ',
      '&x ',
      '*x',
      '<<: ',
      '|\n',
      '>',
      '{',
      '}',
      '[',
      ']',
      '{{ ',
      ' }}',
      ': ',
      '#',
      '? ',
      '!!int ',
      '---\n',
      '%',
      '\t',
      '1e-4',
      '\\u00',
    ];
    const check = (node: DataNode | undefined, length: number): boolean => {
      if (!node) return true;
      if (node.span.start < 0 || node.span.end > length || node.span.start > node.span.end) return false;
      if (node.kind === 'map') return node.entries.every((entry) => check(entry.value, length));
      return node.kind !== 'list' || node.items.every((item) => check(item, length));
    };
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 25 }), (parts) => {
        const text = parts.join('');
        return read(text).every((document) => check(document.root, text.length));
      }),
      { numRuns: 500 },
    );
  });
});
