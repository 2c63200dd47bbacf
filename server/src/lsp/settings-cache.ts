import type { Connection } from 'vscode-languageserver';
import type { Abilities } from './abilities.ts';
import { type EditorSettings, readSettings } from './settings.ts';

/** The user's settings by document: asked for once, kept until they change. */
export interface SettingsCache {
  of(uri: string): Promise<EditorSettings>;
  /** Settings that a client without `workspace/configuration` sends at the start. */
  offer(settings: unknown): void;
  /** Settings have changed; `given` holds them where the client sends them along. */
  forget(given: unknown): void;
}

/** Reads settings over the connection. A value of a wrong type is told once and its default stands. */
export function keepSettings(connection: Connection, abilities: () => Abilities, today: () => string): SettingsCache {
  const known = new Map<string, Promise<EditorSettings>>();
  const told = new Set<string>();
  let offered: unknown;

  const read = (section: unknown): EditorSettings => {
    const { settings, complaints } = readSettings(section);
    for (const text of complaints) {
      if (told.has(text)) continue;
      told.add(text);
      connection.window.showWarningMessage(text);
    }
    return { ...settings, core: { ...settings.core, today: today() } };
  };
  // One value for equal settings, so that documents with the same settings share analyses.
  const shared = new Map<string, EditorSettings>();
  const same = (settings: EditorSettings): EditorSettings => {
    const mark = JSON.stringify(settings);
    const found = shared.get(mark) ?? settings;
    shared.set(mark, found);
    return found;
  };
  const ask = async (uri: string): Promise<EditorSettings> => {
    const section: unknown = abilities().configuration
      ? await connection.workspace.getConfiguration({ scopeUri: uri, section: 'flopwise' })
      : offered;
    return same(read(section));
  };

  return {
    of(uri) {
      const found = known.get(uri) ?? ask(uri);
      known.set(uri, found);
      return found;
    },
    offer(settings) {
      offered = sectionOf(settings) ?? settings;
    },
    forget(given) {
      known.clear();
      shared.clear();
      const section = sectionOf(given);
      if (section !== undefined) offered = section;
    },
  };
}

/** The `flopwise` part of a settings object; undefined where there is none. */
function sectionOf(settings: unknown): unknown {
  return typeof settings === 'object' && settings !== null && 'flopwise' in settings ? settings.flopwise : undefined;
}
