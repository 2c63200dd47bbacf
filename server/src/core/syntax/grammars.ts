import { Language, Parser } from 'web-tree-sitter';
import { maximumTextLength, type SourceFile } from '../source/source-file.ts';
import type { DataDocument } from './data.ts';
import { readData } from './read-data.ts';
import { type Parsed, reparse } from './reparse.ts';
import type { GrammarId, Syntax } from './syntax.ts';
import { copyTree, type SyntaxNode } from './tree.ts';

/** Bytes of the runtime and of each grammar; the host reads them, the core never fetches. */
export interface GrammarAssets {
  readonly runtime: Uint8Array;
  grammar(id: GrammarId): Promise<Uint8Array>;
}

export const grammarIds: readonly GrammarId[] = ['python', 'bash', 'toml', 'hcl'];

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
  const trees = new WeakMap<SourceFile, Parsed>();
  const documents = new WeakMap<SourceFile, readonly DataDocument[]>();
  // The last whole texts of a few documents: the next version is mostly the same text. Plain values, as all trees are.
  const latest = new Map<string, Parsed>();
  const parse = (language: GrammarId, text: string): Parsed => {
    const parser = parsers.get(language);
    if (!parser) throw new RangeError(`no grammar for ${language}`);
    return withTree(parser, text.length > maximumTextLength ? '' : text);
  };
  const parsePython = ({ uri, text }: SourceFile): Parsed => {
    const before = text.length > maximumTextLength ? undefined : latest.get(uri);
    const parsed = (before && reparse(before, text, (part) => parse('python', part))) ?? parse('python', text);
    latest.delete(uri);
    if (latest.size >= maximumLatest) for (const [oldest] of [...latest].slice(0, 1)) latest.delete(oldest);
    // While a statement is being written the text is broken: the last whole one is what the next is compared with.
    latest.set(uri, before?.whole && !parsed.whole ? before : parsed);
    return parsed;
  };
  const parsedOf = (file: SourceFile): Parsed => {
    const known = trees.get(file);
    if (known) return known;
    const parsed = file.languageId === 'bash' ? parse('bash', file.text) : parsePython(file);
    trees.set(file, parsed);
    return parsed;
  };
  const syntax: Syntax = {
    tree: (file) => parsedOf(file).root,
    mayBeBroken: (file) => !parsedOf(file).whole,
    data(file) {
      const known = documents.get(file);
      if (known) return known;
      const read = readData(file, syntax);
      documents.set(file, read);
      return read;
    },
    parse: (language, text) => parse(language, text).root,
  };
  return syntax;
}

/** Documents whose last text is kept for the next version. */
const maximumLatest = 8;

/** The whole life of a tree-sitter tree: parsed, copied, freed, in one synchronous step. */
function withTree(parser: Parser, text: string): Parsed {
  const tree = parser.parse(text);
  if (!tree) return { text, root: emptyTree, whole: false };
  try {
    return { text, root: copyTree(tree), whole: !tree.rootNode.hasError };
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
};
