import { find } from '../readers/dialects/config-view.ts';
import { insertKey } from '../readers/dialects/insert-key.ts';
import { spell } from '../readers/dialects/spell.ts';
import type { SourceFile } from '../source/source-file.ts';
import type { TextEdit } from '../source/span.ts';
import type { DataDocument } from '../syntax/data.ts';

/** The edit that states a value under a path of keys in a project file; comments and order stay. The reason where it cannot be written. */
export function writeProject(
  file: SourceFile,
  documents: readonly DataDocument[],
  path: readonly string[],
  value: string | number,
): TextEdit | { readonly refused: string } {
  const root = documents[0]?.root;
  if (root && root.kind !== 'map') return { refused: 'The project file is no mapping of keys to values.' };
  if (!root || (root.entries.length === 0 && !root.flow)) {
    const end = file.text.length;
    const gap = file.text === '' || file.text.endsWith('\n') ? '' : '\n';
    return { span: { uri: file.uri, start: end, end }, text: gap + newProject(path, value) };
  }
  const view = { file, root, under: [], interpolation: 'foreign' as const };
  const found = find(view, path);
  if (!found) return insertKey(view, {}, { path: path.join('.'), value });
  if (found.node.kind !== 'scalar') return { refused: `\`${path.join('.')}\` holds a block of keys, not one value.` };
  if (found.shared) return { refused: `\`${path.join('.')}\` comes through a YAML anchor; edit it by hand.` };
  const gap = /\s/.test(file.text[found.node.span.start - 1] ?? '') ? '' : ' ';
  return { span: found.node.span, text: gap + spell(value, 'yaml', found.node) };
}

/** The text of a project file that states one value. */
export function newProject(path: readonly string[], value: string | number): string {
  const lines = path.map((key, depth) => {
    const last = depth === path.length - 1;
    return `${'  '.repeat(depth)}${key}:${last ? ` ${spell(value, 'yaml')}` : ''}`;
  });
  return `${lines.join('\n')}\n`;
}
