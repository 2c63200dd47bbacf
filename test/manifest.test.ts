import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { settingTable } from '#server/lsp/settings.ts';

const root = new URL('../', import.meta.url);
const text = (path: string) => readFileSync(new URL(path, root), 'utf8');

interface Setting {
  readonly default: unknown;
  readonly description?: string;
  readonly markdownDescription?: string;
  readonly scope?: string;
  readonly order?: number;
}

const manifest = JSON.parse(text('package.json')) as {
  readonly activationEvents: readonly string[];
  readonly capabilities: {
    readonly virtualWorkspaces: boolean;
    readonly untrustedWorkspaces: { readonly supported: string; readonly restrictedConfigurations: readonly string[] };
  };
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly configuration: readonly { readonly properties: Readonly<Record<string, Setting>> }[];
  };
};
const words = JSON.parse(text('package.nls.json')) as Readonly<Record<string, string>>;
const settings = manifest.contributes.configuration.flatMap(({ properties }) => Object.entries(properties));

/** Settings that the extension reads and the server does not. */
const clientSettings: Readonly<Record<string, unknown>> = {
  'flopwise.status.enabled': true,
  'flopwise.trace.server': 'off',
};

describe('the manifest', () => {
  test('has the settings of the server, with its defaults', () => {
    const server = Object.fromEntries(settingTable.map(({ key, standard }) => [key, standard]));
    const declared = Object.fromEntries(settings.map(([key, setting]) => [key, setting.default]));
    expect(declared).toEqual({ ...server, ...clientSettings });
  });

  test('describes each setting, with scope and order', () => {
    const bare = settings.filter(
      ([, one]) => !(one.description ?? one.markdownDescription) || !one.scope || !one.order,
    );
    expect(bare).toEqual([]);
  });

  test('every command is handled, and nothing else is', () => {
    const sources = readdirSync(new URL('client/src/common/', root)).map((name) => text(`client/src/common/${name}`));
    const named = new Map(
      [...text('server/src/protocol.ts').matchAll(/(\w+Command) = '([^']+)'/g)].map((match) => [match[1], match[2]]),
    );
    const handled = [...sources.join('\n').matchAll(/registerCommand\(\s*(?:'([^']+)'|(\w+Command)\b)/g)].map(
      (match) => match[1] ?? named.get(match[2]),
    );
    expect(handled.sort()).toEqual(manifest.contributes.commands.map(({ command }) => command).sort());
  });

  test('has words for every placeholder, and no word without one', () => {
    const used = [...text('package.json').matchAll(/"%([\w.-]+)%"/g)].map((match) => match[1]);
    expect([...new Set(used)].sort()).toEqual(Object.keys(words).sort());
  });

  test('starts with a document, never with the window', () => {
    for (const event of manifest.activationEvents) expect(event).toMatch(/^on(Language|Notebook|WebviewPanel):/);
  });

  test('works in virtual and untrusted workspaces', () => {
    expect(manifest.capabilities.virtualWorkspaces).toBe(true);
    const { supported, restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    expect(supported).toBe('limited');
    const known = new Set(settings.map(([key]) => key));
    expect(restrictedConfigurations.filter((key) => !known.has(key))).toEqual([]);
  });
});
