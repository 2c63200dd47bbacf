import { isProjectFile } from '#core/project/find.ts';
import { projectFileNames, readProject, withProject } from '#core/project/project.ts';
import { defaultSettings, type Settings } from '#core/settings.ts';
import { isSource } from '#core/source/open.ts';
import type { Problem } from '#core/source/problem.ts';
import type { Engine } from '#server/gather/engine.ts';
import type { CliHost } from './host.ts';
import { openFile } from './open.ts';

/** The rates, discounts, pools and currency of the project file in the folder where the command was started. */
export async function ownSettings(
  { syntax, catalog }: Engine,
  host: CliHost,
): Promise<{ readonly settings: Settings; readonly problems: readonly Problem[] }> {
  const standard: Settings = { ...defaultSettings, today: host.today() };
  for (const name of projectFileNames) {
    const uri = host.uriOf(name);
    if (!isProjectFile(uri) || (await host.kindOf(uri)) !== 'file') continue;
    const file = await openFile(uri, host);
    if (!isSource(file)) continue;
    const project = readProject(syntax.data(file), catalog);
    return { settings: withProject(standard, project), problems: project.problems };
  }
  return { settings: standard, problems: [] };
}
