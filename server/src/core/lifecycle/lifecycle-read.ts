import { at, type DataEntry, type DataNode } from '../syntax/data.ts';
import type { LifecyclePolicy, LifecycleRule } from './lifecycle-rule.ts';

/** Reads the lifecycle rules of buckets from a JSON policy (S3, GCS, Azure) or a Terraform file; none where it states none. */
export function readLifecycle(root: DataNode | undefined): readonly LifecyclePolicy[] {
  if (root?.kind !== 'map') return [];
  const resources = root.entries.filter(({ key }) => key === 'resource').flatMap(({ value }) => entries(value));
  if (resources.length > 0)
    return resources.flatMap((type) => entries(type.value).flatMap((one) => ofResource(type.key, one)));
  const s3 = list(at(root, 'Rules') ?? at(root, 'LifecycleConfiguration', 'Rules'));
  if (s3.length > 0 && s3.some((rule) => at(rule, 'Status'))) return [policy('aws', s3.map(ofS3))];
  const gcs = list(at(root, 'rule') ?? at(root, 'lifecycle', 'rule') ?? at(root, 'lifecycle', 'rules'));
  if (gcs.some((rule) => at(rule, 'action'))) return [policy('gcp', gcs.map(ofGcs))];
  const azure = list(at(root, 'rules') ?? at(root, 'policy', 'rules') ?? at(root, 'properties', 'policy', 'rules'));
  return azure.some((rule) => at(rule, 'definition')) ? [policy('azure', azure.map(ofAzure))] : [];
}

function ofResource(type: string, { key: name, value: body }: DataEntry): readonly LifecyclePolicy[] {
  switch (type) {
    case 'aws_s3_bucket_lifecycle_configuration':
      return [policy('aws', blocks(body, 'rule').map(ofS3Block), name)];
    case 'aws_s3_bucket': {
      const rules = blocks(body, 'lifecycle_rule');
      return rules.length > 0 ? [policy('aws', rules.map(ofS3Block), text(at(body, 'bucket')) ?? name)] : [];
    }
    case 'google_storage_bucket': {
      const rules = blocks(body, 'lifecycle_rule');
      return rules.length > 0 ? [policy('gcp', rules.map(ofGcs), text(at(body, 'name')) ?? name)] : [];
    }
    case 'azurerm_storage_management_policy':
      return [policy('azure', blocks(body, 'rule').map(ofAzureBlock), name)];
    default:
      return [];
  }
}

interface ReadRule {
  readonly rule: LifecycleRule;
  readonly problems: readonly string[];
}

function policy(cloud: LifecyclePolicy['cloud'], rules: readonly ReadRule[], bucket?: string): LifecyclePolicy {
  return {
    cloud,
    ...(bucket === undefined ? {} : { bucket }),
    rules: rules.map(({ rule }) => rule),
    problems: rules.flatMap(({ problems }) => problems),
  };
}

interface Move {
  readonly days: DataNode | undefined;
  readonly date?: DataNode | undefined;
  readonly tier: string | undefined;
}

interface Parts {
  readonly node: DataNode;
  readonly name: string | undefined;
  readonly enabled: boolean;
  /** Beginnings of names; undefined for one that is no literal, none at all where the rule names none. */
  readonly prefixes: readonly (string | undefined)[];
  readonly narrowed?: string | undefined;
  readonly moves: readonly Move[];
  readonly expire: DataNode | undefined;
  /** The date on which objects expire, whatever their age. */
  readonly expireOn?: DataNode | undefined;
}

/** A rule of its parts; a number of days that is a variable or missing leaves the part out and says so. */
function made({ node, name, enabled, prefixes, narrowed, moves, expire, expireOn }: Parts): ReadRule {
  const problems: string[] = [];
  const who = name === undefined ? 'a rule' : `rule ${name}`;
  const days = (one: DataNode | undefined, what: string) => {
    if (!one) return undefined;
    const value = number(one);
    if (value === undefined) problems.push(`${who}: the days until it ${what} are not written as a number`);
    return value;
  };
  const moved = moves.flatMap(({ days: one, date, tier }) => {
    if (date) problems.push(`${who}: it moves objects on a date, not with age`);
    const afterDays = days(one, `moves to ${tier ?? 'another class'}`);
    return afterDays === undefined || tier === undefined ? [] : [{ afterDays, tier }];
  });
  const expireAfterDays = days(expire, 'expires');
  if (expireOn) problems.push(`${who}: objects expire on a date, not with age`);
  const known = prefixes.filter((one): one is string => one !== undefined);
  if (known.length < prefixes.length)
    problems.push(`${who}: the beginning of names that it is for is not written as text`);
  const unread = prefixes.length > 0 && known.length === 0;
  return {
    rule: {
      ...(name === undefined ? {} : { name }),
      enabled,
      prefixes: unread ? [] : known.length > 0 ? known : [''],
      ...(narrowed === undefined ? {} : { narrowed }),
      moves: moved.sort((a, b) => a.afterDays - b.afterDays),
      ...(expireAfterDays === undefined ? {} : { expireAfterDays }),
      span: node.span,
    },
    problems,
  };
}

function ofS3(node: DataNode): ReadRule {
  const filter = at(node, 'Filter');
  const and = at(filter, 'And');
  const tags = at(filter, 'Tag') ?? at(and, 'Tags');
  const sizes = ['ObjectSizeGreaterThan', 'ObjectSizeLessThan'].some((key) => at(filter, key) ?? at(and, key));
  const single = at(node, 'Transition');
  const moves = [...list(at(node, 'Transitions')), ...(single ? [single] : [])];
  return made({
    node,
    name: text(at(node, 'ID')) ?? text(at(node, 'Id')),
    enabled: text(at(node, 'Status')) === 'Enabled',
    prefixes: texts(at(filter, 'Prefix') ?? at(and, 'Prefix') ?? at(node, 'Prefix')),
    narrowed: narrowedBy(tags !== undefined, sizes),
    moves: moves.map((one) => ({
      days: at(one, 'Days'),
      date: at(one, 'Date'),
      tier: text(at(one, 'StorageClass')),
    })),
    expire: at(node, 'Expiration', 'Days') ?? at(node, 'ExpirationInDays'),
    expireOn: at(node, 'Expiration', 'Date') ?? at(node, 'ExpirationDate'),
  });
}

function ofS3Block(node: DataNode): ReadRule {
  const [filter] = blocks(node, 'filter');
  const [and] = blocks(filter, 'and');
  const tags = at(filter, 'tag') ?? at(and, 'tags');
  const status = text(at(node, 'status'));
  return made({
    node,
    name: text(at(node, 'id')),
    enabled:
      status === undefined
        ? at(node, 'enabled')?.kind !== 'scalar' || flag(at(node, 'enabled')) !== false
        : status === 'Enabled',
    prefixes: texts(at(filter, 'prefix') ?? at(and, 'prefix') ?? at(node, 'prefix')),
    narrowed: narrowedBy(
      tags !== undefined,
      ['object_size_greater_than', 'object_size_less_than'].some((key) => at(filter, key) ?? at(and, key)),
    ),
    moves: blocks(node, 'transition').map((one) => ({
      days: at(one, 'days'),
      date: at(one, 'date'),
      tier: text(at(one, 'storage_class')),
    })),
    expire: blocks(node, 'expiration').map((one) => at(one, 'days'))[0],
    expireOn: blocks(node, 'expiration').map((one) => at(one, 'date'))[0],
  });
}

/** Conditions of GCS that only versions meet which a newer one has replaced. */
const old = new Set([
  'numNewerVersions',
  'num_newer_versions',
  'daysSinceNoncurrentTime',
  'days_since_noncurrent_time',
  'noncurrentTimeBefore',
  'noncurrent_time_before',
]);

function ofGcs(node: DataNode): ReadRule {
  const [action] = blocks(node, 'action');
  const [condition] = blocks(node, 'condition');
  const type = text(at(action, 'type'));
  const age = at(condition, 'age');
  const prefixes = texts(at(condition, 'matchesPrefix') ?? at(condition, 'matches_prefix'));
  const known = new Set(['age', 'matchesPrefix', 'matches_prefix']);
  const others = entries(condition).flatMap(({ key }) => (known.has(key) ? [] : [key]));
  const ofOldVersions = entries(condition).some(
    ({ key, value }) => old.has(key) || (/^(?:isLive|is_live)$/.test(key) && flag(value) === false),
  );
  const current = !ofOldVersions && text(at(condition, 'with_state')) !== 'ARCHIVED';
  return made({
    node,
    name: undefined,
    enabled: true,
    prefixes,
    narrowed: others.length > 0 ? others.join(', ') : undefined,
    moves:
      current && type === 'SetStorageClass'
        ? [{ days: age, tier: text(at(action, 'storageClass') ?? at(action, 'storage_class')) }]
        : [],
    expire: current && type === 'Delete' ? age : undefined,
  });
}

/** Azure's moves by key, in both spellings. */
const azureTiers = [
  ['Cool', 'tierToCool', 'tier_to_cool'],
  ['Cold', 'tierToCold', 'tier_to_cold'],
  ['Archive', 'tierToArchive', 'tier_to_archive'],
] as const;

function ofAzure(node: DataNode): ReadRule {
  const definition = at(node, 'definition');
  const blob = at(definition, 'actions', 'baseBlob');
  const days = (key: string) =>
    at(blob, key, 'daysAfterModificationGreaterThan') ?? at(blob, key, 'daysAfterCreationGreaterThan');
  return made({
    node,
    name: text(at(node, 'name')),
    enabled: flag(at(node, 'enabled')) !== false,
    prefixes: texts(at(definition, 'filters', 'prefixMatch')),
    narrowed: narrowedBy(at(definition, 'filters', 'blobIndexMatch') !== undefined, false),
    moves: azureTiers.flatMap(([tier, key]) => (at(blob, key) ? [{ days: days(key), tier }] : [])),
    expire: days('delete'),
  });
}

function ofAzureBlock(node: DataNode): ReadRule {
  const [filters] = blocks(node, 'filters');
  const [actions] = blocks(node, 'actions');
  const [blob] = blocks(actions, 'base_blob');
  const days = (key: string) =>
    at(blob, `${key}_after_days_since_modification_greater_than`) ??
    at(blob, `${key}_after_days_since_creation_greater_than`);
  return made({
    node,
    name: text(at(node, 'name')),
    enabled: flag(at(node, 'enabled')) !== false,
    prefixes: texts(at(filters, 'prefix_match')),
    narrowed: narrowedBy(at(filters, 'match_blob_index_tag') !== undefined, false),
    moves: azureTiers.flatMap(([tier, , key]) => (days(key) ? [{ days: days(key), tier }] : [])),
    expire: days('delete'),
  });
}

function narrowedBy(tags: boolean, sizes: boolean): string | undefined {
  const words = [...(tags ? ['tags'] : []), ...(sizes ? ['object sizes'] : [])];
  return words.length > 0 ? words.join(', ') : undefined;
}

const entries = (node: DataNode | undefined): readonly DataEntry[] => (node?.kind === 'map' ? node.entries : []);
const list = (node: DataNode | undefined): readonly DataNode[] => (node?.kind === 'list' ? node.items : []);
/** Blocks of a name: several entries in Terraform, one map or a list of maps in JSON. */
const blocks = (node: DataNode | undefined, key: string): readonly DataNode[] =>
  entries(node)
    .filter((entry) => entry.key === key)
    .flatMap(({ value }) => (value.kind === 'list' ? value.items : [value]));

/** Texts of a list or of one value; undefined for what is no literal, none where there is nothing. */
function texts(node: DataNode | undefined): readonly (string | undefined)[] {
  return node === undefined ? [] : node.kind === 'list' ? node.items.map(text) : [text(node)];
}

/** A literal's text; an expression of the language has none. */
function text(node: DataNode | undefined): string | undefined {
  return node?.kind === 'scalar' && node.style !== 'expression' && node.value !== null ? String(node.value) : undefined;
}

function number(node: DataNode | undefined): number | undefined {
  const value = text(node);
  return value !== undefined && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : undefined;
}

function flag(node: DataNode | undefined): boolean | undefined {
  const value = text(node);
  return value === 'true' ? true : value === 'false' ? false : undefined;
}
