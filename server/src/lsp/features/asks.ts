import type { WorkspaceEdit } from 'vscode-languageserver';
import type { Catalog } from '#core/catalog/catalog.ts';
import { type Ask, asksOf, readAnswer } from '#core/project/ask.ts';
import { isProjectFile } from '#core/project/find.ts';
import { projectFileNames } from '#core/project/project.ts';
import { newProject, writeProject } from '#core/project/write.ts';
import type { Say } from '#core/report/words.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import type { Syntax } from '#core/syntax/syntax.ts';
import type { AnswerResult, AskItem } from '../../protocol.ts';
import type { Abilities } from '../abilities.ts';
import type { View } from '../view.ts';
import { toWorkspaceEdit } from '../workspace-edit.ts';

/** What the jobs of a document leave out and the project file can state, none twice. */
export function viewAsks({ workloads }: Pick<View, 'workloads'>, catalog: Pick<Catalog, 'accelerators'>, say: Say) {
  return distinctAsks(workloads).map(
    ({ id, path, what, prompt, example }): AskItem => ({
      id,
      key: path.join('.'),
      title: say('State {0} in flopwise.yaml...', say(what)),
      prompt: say(prompt),
      example,
      ...(id === 'accelerator' ? { choices: catalog.accelerators.map(({ name }) => name) } : {}),
    }),
  );
}

/** The same as core values. */
export function distinctAsks(workloads: View['workloads']): readonly Ask[] {
  const all = workloads.flatMap(asksOf).map((ask) => [ask.path.join('.'), ask] as const);
  return [...new Map(all).values()];
}

/** What is needed to write an answer. */
export interface AnswerInput {
  readonly view: View;
  readonly key: string;
  readonly typed: string;
  readonly catalog: Catalog;
  readonly syntax: Pick<Syntax, 'data'>;
  readonly folders: readonly string[];
  readonly abilities: Pick<Abilities, 'documentChanges' | 'createsFiles' | 'say'>;
  versionOf(uri: string): number | null;
}

/** The edit that writes an answer into the nearest project file above the document, or makes one in its workspace folder. */
export function answerAsk(input: AnswerInput): AnswerResult {
  const { view, key, typed, catalog, syntax, abilities } = input;
  const ask = distinctAsks(view.workloads).find(({ path }) => path.join('.') === key);
  if (!ask) return { refused: abilities.say('Nothing is missing there any more.') };
  const answer = readAnswer(ask, typed, catalog);
  if ('refused' in answer) return answer;
  const file = projectAbove(view);
  if (!file) return createProject(input, newProject(ask.path, answer.value));
  const edit = writeProject(file, syntax.data(file), ask.path, answer.value);
  if ('refused' in edit) return edit;
  const written = toWorkspaceEdit(view, input, [edit], { ...abilities, annotations: false });
  return written ? { ...written, uri: file.uri } : { refused: abilities.say('The project file cannot be edited.') };
}

/** The project file that holds for the view's document: of the nearest folder above it. */
function projectAbove({ file, files }: View): SourceFile | undefined {
  const above = [...files.values()].filter(({ uri }) => isProjectFile(uri) && file.uri.startsWith(folderOf(uri)));
  return above.sort((a, b) => folderOf(b.uri).length - folderOf(a.uri).length)[0];
}

function createProject({ view, folders, abilities }: AnswerInput, text: string): AnswerResult {
  const roots = folders.map((uri) => (uri.endsWith('/') ? uri : `${uri}/`));
  const own = roots.find((root) => view.file.uri.startsWith(root)) ?? roots[0];
  const folder = own ?? (/^[\w-]+:\//.test(view.file.uri) ? folderOf(view.file.uri) : undefined);
  if (folder === undefined) return { refused: abilities.say('Save the file first, or open a folder.') };
  if (!abilities.documentChanges || !abilities.createsFiles)
    return { refused: abilities.say('Write into {0}: {1}', projectFileNames[0], text.trim()) };
  const uri = `${folder}${projectFileNames[0]}`;
  const start = { line: 0, character: 0 };
  const edit: WorkspaceEdit = {
    documentChanges: [
      { kind: 'create', uri, options: { ignoreIfExists: true } },
      { textDocument: { uri, version: null }, edits: [{ range: { start, end: start }, newText: text }] },
    ],
  };
  return { edit, uri };
}

function folderOf(uri: string): string {
  return uri.slice(0, uri.lastIndexOf('/') + 1);
}
