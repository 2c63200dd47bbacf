import type { Catalog } from '../catalog/catalog.ts';
import type { Settings } from '../settings.ts';
import type { Problem } from '../source/problem.ts';
import type { SourceFile } from '../source/source-file.ts';
import type { Syntax } from '../syntax/syntax.ts';
import { type Project, projectFileNames, readProject, withProject } from './project.ts';

/** The project files among some files, read. */
export interface Projects {
  /** What holds for a file: the user's settings under the project file of the nearest folder above it. */
  settingsOf(uri: string): Settings;
  readonly problems: readonly Problem[];
}

/** True for a file that is a project file by its name. */
export function isProjectFile(uri: string): boolean {
  const name = uri.slice(uri.lastIndexOf('/') + 1);
  return projectFileNames.some((one) => one === name);
}

/** Reads the project files among `files`. */
export function readProjects(
  files: ReadonlyMap<string, SourceFile>,
  syntax: Syntax,
  catalog: Catalog,
  settings: Settings,
): Projects {
  const found = [...files.values()]
    .filter((file) => isProjectFile(file.uri))
    .map((file) => ({ folder: folderOf(file.uri), project: readProject(syntax.data(file), catalog) }))
    .sort((a, b) => b.folder.length - a.folder.length);
  const merged = new Map<Project, Settings>();
  return {
    settingsOf(uri) {
      const project = found.find(({ folder }) => uri.startsWith(folder))?.project;
      if (!project) return settings;
      const known = merged.get(project) ?? withProject(settings, project);
      merged.set(project, known);
      return known;
    },
    problems: found.flatMap(({ project }) => project.problems),
  };
}

function folderOf(uri: string): string {
  return uri.slice(0, uri.lastIndexOf('/') + 1);
}
