import { Language, Parser } from 'web-tree-sitter';
import { maximumTextLength, type SourceFile } from '../source/source-file.ts';
import type { DataDocument } from './data.ts';
import { readData } from './read-data.ts';
import type { GrammarId, Syntax } from './syntax.ts';
import { copyTree, type SyntaxNode } from './tree.ts';

/** Bytes of the runtime and of each grammar; the host reads them, the core never fetches. */
export interface GrammarAssets {
  readonly runtime: Uint8Array;
  grammar(id: GrammarId): Promise<Uint8Array>;
}

export const grammarIds: readonly GrammarId[] = ['python', 'bash', 'json', 'toml', 'hcl'];

/** Prepares the parsers once for a process. Rejects where an asset is missing or of a wrong ABI. */
export async function createSyntax(assets: GrammarAssets): Promise<Syntax> {
  await Parser.init({ wasmBinary: assets.runtime });
  const parsers = new Map(
    await Promise.all(
      grammarIds.map(async (id) => {
        const parser = new Parser();
        parser.setLanguage(await Language.load(await assets.grammar(id)));
        return [id, parser] as const;
      }),
    ),
  );
  const trees = new WeakMap<SourceFile, SyntaxNode>();
  const documents = new WeakMap<SourceFile, readonly DataDocument[]>();
  const syntax: Syntax = {
    tree(file) {
      const known = trees.get(file);
      if (known) return known;
      const tree = syntax.parse(file.languageId === 'bash' ? 'bash' : 'python', file.text);
      trees.set(file, tree);
      return tree;
    },
    data(file) {
      const known = documents.get(file);
      if (known) return known;
      const read = readData(file, syntax);
      documents.set(file, read);
      return read;
    },
    parse(language, text) {
      const parser = parsers.get(language);
      if (!parser) throw new RangeError(`no grammar for ${language}`);
      return withTree(parser, text.length > maximumTextLength ? '' : text);
    },
  };
  return syntax;
}

/** The whole life of a tree-sitter tree: parsed, copied, freed, in one synchronous step. */
function withTree(parser: Parser, text: string): SyntaxNode {
  const tree = parser.parse(text);
  if (!tree) return emptyTree;
  try {
    return copyTree(tree);
  } finally {
    tree.delete();
  }
}

const emptyTree: SyntaxNode = {
  type: 'ERROR',
  start: 0,
  end: 0,
  field: undefined,
  named: true,
  children: [],
  parent: undefined,
};
