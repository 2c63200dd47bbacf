import type { LifecycleRule, RuleCloud } from './lifecycle-rule.ts';

/** The rule as the file that the service takes: S3's configuration, GCS's or Azure's policy. */
export function writeLifecycleJson(rule: LifecycleRule, cloud: RuleCloud): string {
  const shape = { aws: s3Shape, gcp: gcsShape, azure: azureShape }[cloud](rule);
  return `${JSON.stringify(shape, undefined, 2)}\n`;
}

function s3Shape({ name = 'checkpoints', enabled, prefixes, moves, expireAfterDays }: LifecycleRule) {
  return {
    Rules: prefixes.map((prefix, at) => ({
      ID: prefixes.length > 1 ? `${name}-${at + 1}` : name,
      Filter: { Prefix: prefix },
      Status: enabled ? 'Enabled' : 'Disabled',
      ...(moves.length > 0
        ? { Transitions: moves.map(({ afterDays, tier }) => ({ Days: afterDays, StorageClass: tier })) }
        : {}),
      ...(expireAfterDays === undefined ? {} : { Expiration: { Days: expireAfterDays } }),
      // Parts of uploads that a preempted run left behind are billed and seen nowhere.
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
    })),
  };
}

function gcsShape({ prefixes, moves, expireAfterDays }: LifecycleRule) {
  const condition = (age: number) => ({
    age,
    ...(prefixes.some((one) => one !== '') ? { matchesPrefix: prefixes } : {}),
  });
  return {
    rule: [
      ...moves.map(({ afterDays, tier }) => ({
        action: { type: 'SetStorageClass', storageClass: tier },
        condition: condition(afterDays),
      })),
      ...(expireAfterDays === undefined ? [] : [{ action: { type: 'Delete' }, condition: condition(expireAfterDays) }]),
    ],
  };
}

function azureShape({ name = 'checkpoints', enabled, prefixes, moves, expireAfterDays }: LifecycleRule) {
  const after = (days: number) => ({ daysAfterModificationGreaterThan: days });
  return {
    rules: [
      {
        enabled,
        name,
        type: 'Lifecycle',
        definition: {
          actions: {
            baseBlob: {
              ...Object.fromEntries(
                moves.map(({ afterDays, tier }) => [
                  `tierTo${tier[0]?.toUpperCase() ?? ''}${tier.slice(1).toLowerCase()}`,
                  after(afterDays),
                ]),
              ),
              ...(expireAfterDays === undefined ? {} : { delete: after(expireAfterDays) }),
            },
          },
          filters: {
            blobTypes: ['blockBlob'],
            ...(prefixes.some((one) => one !== '') ? { prefixMatch: prefixes } : {}),
          },
        },
      },
    ],
  };
}

/** A reference to another block, rather than a name that may hold dots too. */
const reference = /^(?:var|local|data|module|aws_\w+|azurerm_\w+)\.[\w.[\]"]+$/;

/**
 * The rule as Terraform; `bucket` is the name of the bucket or id of the account that it is for, or a reference to one. In
 * Google's provider rules are blocks of the bucket's own resource, and only those are written.
 */
export function writeLifecycleTerraform(rule: LifecycleRule, cloud: RuleCloud, bucket: string | undefined): string {
  const { name = 'checkpoints', enabled, prefixes, moves, expireAfterDays } = rule;
  const quote = (text: string) => JSON.stringify(text).replaceAll('${', '$${');
  const owner = bucket !== undefined && reference.test(bucket) ? bucket : quote(bucket ?? '');
  const lines: string[] = [];
  const block = (depth: number, head: string, ...inner: readonly string[]) => {
    const pad = '  '.repeat(depth);
    lines.push(`${pad}${head} {`, ...inner.map((line) => `${pad}  ${line}`), `${pad}}`);
  };
  const id = name.replace(/\W+/g, '_');
  if (cloud === 'aws') {
    lines.push(`resource "aws_s3_bucket_lifecycle_configuration" "${id}" {`, `  bucket = ${owner}`);
    prefixes.forEach((prefix, at) => {
      lines.push(
        '',
        '  rule {',
        `    id     = ${quote(prefixes.length > 1 ? `${name}-${at + 1}` : name)}`,
        `    status = "${enabled ? 'Enabled' : 'Disabled'}"`,
        '',
      );
      block(2, 'filter', `prefix = ${quote(prefix)}`);
      for (const { afterDays, tier } of moves)
        block(2, 'transition', `days          = ${afterDays}`, `storage_class = ${quote(tier)}`);
      if (expireAfterDays !== undefined) block(2, 'expiration', `days = ${expireAfterDays}`);
      block(2, 'abort_incomplete_multipart_upload', 'days_after_initiation = 7');
      lines.push('  }');
    });
  } else if (cloud === 'gcp') {
    const prefix = prefixes.some((one) => one !== '') ? [`matches_prefix = [${prefixes.map(quote).join(', ')}]`] : [];
    lines.push(`# Inside the google_storage_bucket${bucket === undefined ? '' : ` of ${bucket}`}.`);
    const add = (age: number, ...action: readonly string[]) => {
      if (lines.length > 1) lines.push('');
      lines.push('lifecycle_rule {');
      block(1, 'condition', `age = ${age}`, ...prefix);
      block(1, 'action', ...action);
      lines.push('}');
    };
    for (const { afterDays, tier } of moves)
      add(afterDays, 'type          = "SetStorageClass"', `storage_class = ${quote(tier)}`);
    if (expireAfterDays !== undefined) add(expireAfterDays, 'type = "Delete"');
    return `${lines.join('\n')}\n`;
  } else {
    lines.push(
      `resource "azurerm_storage_management_policy" "${id}" {`,
      `  storage_account_id = ${owner}`,
      '',
      '  rule {',
      `    name    = ${quote(name)}`,
      `    enabled = ${enabled}`,
      '',
    );
    block(
      2,
      'filters',
      'blob_types   = ["blockBlob"]',
      ...(prefixes.some((one) => one !== '') ? [`prefix_match = [${prefixes.map(quote).join(', ')}]`] : []),
    );
    lines.push('    actions {');
    block(
      3,
      'base_blob',
      ...moves.map(
        ({ afterDays, tier }) =>
          `tier_to_${tier.toLowerCase()}_after_days_since_modification_greater_than = ${afterDays}`,
      ),
      ...(expireAfterDays === undefined
        ? []
        : [`delete_after_days_since_modification_greater_than = ${expireAfterDays}`]),
    );
    lines.push('    }', '  }');
  }
  return `${lines.join('\n')}\n}\n`;
}
