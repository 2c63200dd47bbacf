import type { PriceKind } from '#core/catalog/offer.ts';
import { readOwnPrices } from '#core/project/own-settings.ts';
import type { Settings } from '#core/settings.ts';

/** Which kinds of hints stand at line ends. */
export interface HintSwitches {
  readonly cost: boolean;
  readonly memory: boolean;
  readonly checkpoint: boolean;
  readonly model: boolean;
  readonly serving: boolean;
  readonly resources: boolean;
}

/** Everything the server takes from the user's settings, read once per resource. */
export interface EditorSettings {
  /** The part that the core calculates with. */
  readonly core: Settings;
  /** Whether a hub may be asked for models that nothing on this machine tells of. */
  readonly models: { readonly askHub: boolean };
  readonly hints: HintSwitches & { readonly enabled: boolean };
  readonly hover: { readonly enabled: boolean };
  readonly diagnostics: { readonly enabled: boolean };
  readonly codeActions: { readonly enabled: boolean; readonly suppress: boolean };
}

type Check = 'boolean' | 'string' | 'number' | 'years' | 'rates' | 'object' | 'list' | 'priceKind' | 'currency';

/** One setting by its full name, as in package.json. */
export interface SettingRow {
  readonly key: string;
  readonly check: Check;
  readonly standard: unknown;
}

const row = (key: string, check: Check, standard: unknown): SettingRow => ({
  key: `flopwise.${key}`,
  check,
  standard,
});

/** The settings that the server reads, with their defaults. The manifest's defaults are held equal by a test. */
export const settingTable: readonly SettingRow[] = [
  row('assume.accelerator', 'string', ''),
  row('assume.datasetTokens', 'number', null),
  row('assume.datasetExamples', 'number', null),
  row('prices.kind', 'priceKind', ''),
  row('prices.cloud', 'string', ''),
  row('prices.region', 'string', ''),
  row('prices.currency', 'currency', 'USD'),
  row('prices.exchangeRate', 'number', null),
  row('prices.rates', 'rates', {}),
  row('prices.onPremise', 'object', {}),
  row('prices.discounts', 'list', []),
  row('prices.pools', 'object', {}),
  row('prices.termYears', 'years', null),
  row('models.askHub', 'boolean', false),
  row('hints.enabled', 'boolean', true),
  row('hints.cost', 'boolean', true),
  row('hints.memory', 'boolean', true),
  row('hints.checkpoint', 'boolean', true),
  row('hints.model', 'boolean', true),
  row('hints.serving', 'boolean', true),
  row('hints.resources', 'boolean', true),
  row('hover.enabled', 'boolean', true),
  row('diagnostics.enabled', 'boolean', true),
  row('codeActions.enabled', 'boolean', true),
  row('codeActions.suppress', 'boolean', true),
];

/** Settings with a sentence for each value that could not be taken; the default stands in its place. */
export interface ReadSettings {
  readonly settings: EditorSettings;
  readonly complaints: readonly string[];
}

/** Reads the `flopwise` section as clients send it: nested objects or dotted names. Never throws on any value. */
export function readSettings(section: unknown): ReadSettings {
  const complaints: string[] = [];
  const values = new Map<string, unknown>();
  for (const { key, check, standard } of settingTable) {
    const given = lookUp(section, key.slice('flopwise.'.length));
    const absent = given === undefined || given === null;
    const wrong = absent ? undefined : complaint(check, given);
    if (wrong) complaints.push(`Setting ${key} ${wrong}; ${JSON.stringify(standard)} is used.`);
    values.set(key.slice('flopwise.'.length), absent || wrong ? standard : given);
  }
  const flag = (key: string) => values.get(key) === true;
  return {
    settings: {
      core: coreSettings(values, complaints),
      models: { askHub: flag('models.askHub') },
      hints: {
        enabled: flag('hints.enabled'),
        cost: flag('hints.cost'),
        memory: flag('hints.memory'),
        checkpoint: flag('hints.checkpoint'),
        model: flag('hints.model'),
        serving: flag('hints.serving'),
        resources: flag('hints.resources'),
      },
      hover: { enabled: flag('hover.enabled') },
      diagnostics: { enabled: flag('diagnostics.enabled') },
      codeActions: { enabled: flag('codeActions.enabled'), suppress: flag('codeActions.suppress') },
    },
    complaints,
  };
}

/** The settings where the user has set nothing. */
export const defaultEditorSettings: EditorSettings = readSettings({}).settings;

function coreSettings(values: ReadonlyMap<string, unknown>, complaints: string[]): Settings {
  const text = (key: string) => {
    const value = values.get(key);
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
  };
  const positive = (key: string) => {
    const value = values.get(key);
    return typeof value === 'number' ? value : undefined;
  };
  const own = readOwnPrices({
    on_premise: values.get('prices.onPremise'),
    discounts: values.get('prices.discounts'),
    pools: values.get('prices.pools'),
  });
  complaints.push(...own.problems.map(({ message }) => `Setting flopwise.prices: ${message}`));
  const termYears = positive('prices.termYears');
  const accelerator = text('assume.accelerator');
  const cloud = text('prices.cloud');
  const region = text('prices.region');
  const priceKind = text('prices.kind') as PriceKind | undefined;
  const exchangeRate = positive('prices.exchangeRate');
  const tokens = positive('assume.datasetTokens');
  const examples = positive('assume.datasetExamples');
  return {
    currency: text('prices.currency') ?? 'USD',
    ...own.settings,
    rates: { ...own.settings.rates, ...(values.get('prices.rates') as Readonly<Record<string, number>>) },
    ...(termYears === undefined ? {} : { termYears }),
    ...(accelerator ? { accelerator } : {}),
    ...(cloud ? { cloud } : {}),
    ...(region ? { region } : {}),
    ...(priceKind ? { priceKind } : {}),
    ...(exchangeRate === undefined ? {} : { exchangeRate }),
    ...(tokens === undefined && examples === undefined
      ? {}
      : { dataset: { ...(tokens === undefined ? {} : { tokens }), ...(examples === undefined ? {} : { examples }) } }),
  };
}

function lookUp(section: unknown, key: string): unknown {
  let here = section;
  if (isRecord(here) && key in here) return here[key];
  for (const step of key.split('.')) {
    if (!isRecord(here)) return undefined;
    here = here[step];
  }
  return here;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What is wrong with a value, as the second half of a sentence; undefined where nothing is. */
function complaint(check: Check, value: unknown): string | undefined {
  switch (check) {
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'must be true or false';
    case 'string':
      return typeof value === 'string' ? undefined : 'must be text';
    case 'number':
      return isPositive(value) ? undefined : 'must be a number above 0';
    case 'priceKind':
      return value === '' || value === 'on-demand' || value === 'spot' || value === 'reserved'
        ? undefined
        : 'must be "on-demand", "spot" or "reserved"';
    case 'currency':
      return typeof value === 'string' && /^[A-Z]{3}$/.test(value) ? undefined : 'must be a code such as "EUR"';
    case 'years':
      return value === 1 || value === 3 ? undefined : 'must be 1 or 3';
    case 'object':
      return isRecord(value) ? undefined : 'must be an object';
    case 'list':
      return Array.isArray(value) ? undefined : 'must be a list';
    case 'rates':
      return isRecord(value) && Object.values(value).every(isPositive)
        ? undefined
        : 'must give dollars per hour by accelerator, such as { "H100": 2.1 }';
  }
}

function isPositive(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}
