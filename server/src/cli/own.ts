import { isProjectFile } from '#core/project/find.ts';
import { projectFileNames, readProject, withProject } from '#core/project/project.ts';
import { defaultSettings, type Settings } from '#core/settings.ts';
import { isSource } from '#core/source/open.ts';
import type { Problem } from '#core/source/problem.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import type { Engine } from '#server/gather/engine.ts';
import { KnownError } from './exit.ts';
import type { CliHost } from './host.ts';
import { openFile } from './open.ts';

/** Settings under a project file, and what was wrong in it. */
export interface OwnSettings {
  readonly settings: Settings;
  readonly problems: readonly Problem[];
  /** The file of `--config`, for the places that settings come from. */
  readonly file?: SourceFile;
}

/** The rates, discounts, pools and currency of `--config`, else of the project file in the folder where the command was started. */
export async function ownSettings(engine: Engine, host: CliHost): Promise<OwnSettings> {
  const standard: Settings = { ...defaultSettings, today: host.today() };
  if (host.config !== undefined) return configured(standard, engine, host);
  for (const name of projectFileNames) {
    const uri = host.uriOf(name);
    if (!isProjectFile(uri) || (await host.kindOf(uri)) !== 'file') continue;
    const file = await openFile(uri, host);
    if (isSource(file)) return under(standard, file, engine);
  }
  return { settings: standard, problems: [] };
}

/** The settings of a command under the file that `--config` names; as they are where it names none. A file that is not there is a known failure. */
export async function configured(settings: Settings, engine: Engine, host: CliHost): Promise<OwnSettings> {
  if (host.config === undefined) return { settings, problems: [] };
  const file = await openFile(host.uriOf(host.config), host);
  if (!isSource(file)) throw new KnownError(`--config ${host.config} ${file.reason}`);
  return under(settings, file, engine);
}

function under(settings: Settings, file: SourceFile, { syntax, catalog }: Engine): OwnSettings {
  const project = readProject(syntax.data(file), catalog);
  return { settings: withProject(settings, project), problems: project.problems, file };
}

/** The files without the project files among them where `--config` stands in their place. */
export function withoutProjectFiles(
  files: ReadonlyMap<string, SourceFile>,
  host: CliHost,
): ReadonlyMap<string, SourceFile> {
  if (host.config === undefined) return files;
  return new Map([...files].filter(([uri]) => !isProjectFile(uri)));
}
