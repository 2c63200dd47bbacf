import type { SourceFile } from '../source/source-file.ts';
import type { DataDocument } from './data.ts';
import type { SyntaxNode } from './tree.ts';

/** Languages with a tree-sitter grammar; the other data languages have parsers of their own. */
export type GrammarId = 'python' | 'bash' | 'toml' | 'hcl';

/** The parsers, ready to use: synchronous, and the only way to a tree. Results are plain values, cached by document version. */
export interface Syntax {
  /** Tree of a Python or shell document (notebooks: of their joined program). */
  tree(file: SourceFile): SyntaxNode;
  /** False where that tree is known to have no error, without a walk through it. */
  mayBeBroken(file: SourceFile): boolean;
  /** Documents of a YAML, JSON, TOML, HCL or protobuf-text file. */
  data(file: SourceFile): readonly DataDocument[];
  /** Tree of a text that is no document of its own (a command inside YAML). Offsets are the text's. */
  parse(language: GrammarId, text: string): SyntaxNode;
}
