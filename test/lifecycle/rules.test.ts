import { beforeAll, describe, expect, test } from 'vitest';
import type { StorageOffer } from '#core/catalog/catalog.ts';
import { costUnder, retrievalCost, type StorePrices } from '#core/lifecycle/lifecycle-cost.ts';
import { readLifecycle } from '#core/lifecycle/lifecycle-read.ts';
import { checkLifecycleRule, covers, type LifecycleRule, type RuleCloud } from '#core/lifecycle/lifecycle-rule.ts';
import { writeLifecycleJson, writeLifecycleTerraform } from '#core/lifecycle/lifecycle-write.ts';
import { phraseRule } from '#core/report/lifecycle-rule.ts';
import { isSource, openSource } from '#core/source/open.ts';
import type { Syntax } from '#core/syntax/syntax.ts';
import { testSyntax } from '../grammars.ts';

let syntax: Syntax;

beforeAll(async () => {
  syntax = await testSyntax();
});

/** Rules of a text in words, with what is not read of them. */
function told(name: string, text: string): readonly string[] {
  const file = openSource(`file:///${name}`, 0, text);
  if (!isSource(file)) throw new Error(file.reason);
  return readLifecycle(syntax.data(file)[0]?.root).flatMap(({ cloud, bucket, rules, problems }) => [
    `${cloud}${bucket === undefined ? '' : ` ${bucket}`}`,
    ...rules.map((rule) => (rule.enabled ? phraseRule(rule) : `off: ${phraseRule(rule)}`)),
    ...problems,
  ]);
}

const json = (value: unknown) => JSON.stringify(value);

describe('rules are read', () => {
  test('of S3 as JSON', () => {
    const rules = [
      {
        ID: 'a',
        Status: 'Enabled',
        Filter: { Prefix: 'ckpt/' },
        Transitions: [
          { Days: 90, StorageClass: 'GLACIER' },
          { Days: 30, StorageClass: 'STANDARD_IA' },
        ],
        Expiration: { Days: 365 },
      },
      { ID: 'b', Status: 'Disabled', Filter: { And: { Prefix: 'tmp/', Tags: [] } }, Expiration: { Days: 7 } },
      { ID: 'c', Status: 'Enabled', Filter: {}, Expiration: { Date: '2027-01-01T00:00:00Z' } },
    ];
    expect(told('s3.json', json({ Rules: rules }))).toEqual([
      'aws',
      'a: ckpt/: to STANDARD_IA after 30 d, to GLACIER after 90 d, deleted after 365 d',
      'off: b: tmp/: deleted after 7 d (only some: tags)',
      'c: all objects: nothing',
      'rule c: objects expire on a date, not with age',
    ]);
  });

  test('of S3 as Terraform', () => {
    const text = `resource "aws_s3_bucket_lifecycle_configuration" "runs" {
  bucket = aws_s3_bucket.runs.id
  rule {
    id     = "saves"
    status = "Enabled"
    filter {
      prefix = "ckpt/"
    }
    transition {
      days          = 30
      storage_class = "STANDARD_IA"
    }
    expiration {
      days = var.keep_days
    }
  }
  rule {
    id     = "team"
    status = "Enabled"
    filter {
      prefix = "\${var.team}/"
    }
    expiration {
      days = 14
    }
  }
}
`;
    expect(told('main.tf', text)).toEqual([
      'aws runs',
      'saves: ckpt/: to STANDARD_IA after 30 d',
      'team: some objects: deleted after 14 d',
      'rule saves: the days until it expires are not written as a number',
      'rule team: the beginning of names that it is for is not written as text',
    ]);
  });

  test('of GCS, where versions that a newer one has replaced are no saves', () => {
    const rule = [
      {
        action: { type: 'SetStorageClass', storageClass: 'NEARLINE' },
        condition: { age: 30, matchesPrefix: ['a/', 'b/'] },
      },
      { action: { type: 'Delete' }, condition: { age: 90, matchesStorageClass: ['NEARLINE'] } },
      { action: { type: 'Delete' }, condition: { age: 3, isLive: false } },
    ];
    expect(told('gcs.json', json({ lifecycle: { rule } }))).toEqual([
      'gcp',
      'a/, b/: to NEARLINE after 30 d',
      'all objects: deleted after 90 d (only some: matchesStorageClass)',
      'all objects: nothing (only some: isLive)',
    ]);
    const text = `resource "google_storage_bucket" "runs" {
  name     = "team-runs"
  location = "EU"
  lifecycle_rule {
    condition {
      age            = 60
      matches_prefix = ["ckpt/"]
    }
    action {
      type = "Delete"
    }
  }
}
`;
    expect(told('main.tf', text)).toEqual(['gcp team-runs', 'ckpt/: deleted after 60 d']);
  });

  test('of Azure in both forms', () => {
    const definition = {
      filters: { blobTypes: ['blockBlob'], prefixMatch: ['runs/ckpt'] },
      actions: {
        baseBlob: {
          tierToCool: { daysAfterModificationGreaterThan: 30 },
          delete: { daysAfterModificationGreaterThan: 120 },
        },
      },
    };
    const policy = { rules: [{ name: 'old', enabled: true, type: 'Lifecycle', definition }] };
    expect(told('az.json', json(policy))).toEqual(['azure', 'old: runs/ckpt: to Cool after 30 d, deleted after 120 d']);
    const text = `resource "azurerm_storage_management_policy" "p" {
  storage_account_id = azurerm_storage_account.a.id
  rule {
    name    = "old"
    enabled = false
    filters {
      prefix_match = ["runs/ckpt"]
      blob_types   = ["blockBlob"]
    }
    actions {
      base_blob {
        tier_to_archive_after_days_since_modification_greater_than = 10
      }
    }
  }
}
`;
    expect(told('main.tf', text)).toEqual(['azure p', 'off: old: runs/ckpt: to Archive after 10 d']);
  });

  test('and other files state none', () => {
    expect(told('a.json', json({ rules: [{ host: 'x' }] }))).toEqual([]);
    expect(told('main.tf', 'resource "aws_instance" "a" {\n  ami = "x"\n}\n')).toEqual([]);
  });
});

describe('rules are written', () => {
  const written = (tiers: readonly [string, string]): LifecycleRule => ({
    name: 'checkpoints',
    enabled: true,
    prefixes: ['runs/a/'],
    moves: [
      { afterDays: 30, tier: tiers[0] },
      { afterDays: 90, tier: tiers[1] },
    ],
    expireAfterDays: 365,
  });
  const clouds: readonly (readonly [RuleCloud, readonly [string, string]])[] = [
    ['aws', ['STANDARD_IA', 'DEEP_ARCHIVE']],
    ['gcp', ['NEARLINE', 'ARCHIVE']],
    ['azure', ['Cool', 'Archive']],
  ];
  const whole = (tiers: readonly string[]) =>
    `to ${tiers[0]} after 30 d, to ${tiers[1]} after 90 d, deleted after 365 d`;

  test.each(clouds)('for %s so that they are read again', (cloud, tiers) => {
    const rule = written(tiers);
    const back = told('rule.json', writeLifecycleJson(rule, cloud)).slice(1);
    // GCS has a rule for each act.
    const acts = back.map((one) => one.replace(/^(?:checkpoints: )?runs\/a\/: /, '')).join(', ');
    expect(acts).toBe(whole(tiers));
    const terraform = writeLifecycleTerraform(rule, cloud, 'my.bucket');
    const inside = terraform.replaceAll('\n', '\n  ');
    const file = cloud === 'gcp' ? `resource "google_storage_bucket" "b" {\n  ${inside}\n}\n` : terraform;
    const again = told('main.tf', file).slice(1);
    expect(again.map((one) => one.replace(/^(?:checkpoints: )?runs\/a\/: /, '')).join(', ')).toBe(whole(tiers));
  });

  test('for a bucket by its name or by reference, and for GCS as blocks of the bucket', () => {
    const rule = written(['STANDARD_IA', 'GLACIER']);
    expect(writeLifecycleTerraform(rule, 'aws', 'my.bucket')).toContain('bucket = "my.bucket"');
    expect(writeLifecycleTerraform(rule, 'aws', 'aws_s3_bucket.runs.id')).toContain('bucket = aws_s3_bucket.runs.id');
    const google = writeLifecycleTerraform(written(['NEARLINE', 'ARCHIVE']), 'gcp', undefined);
    expect(google).not.toMatch(/resource|location/);
  });
});

describe('rules are checked', () => {
  const rule = (more: Partial<LifecycleRule>): LifecycleRule => ({ enabled: true, prefixes: [''], moves: [], ...more });

  test.each([
    [rule({}), 'it does nothing to current objects'],
    [rule({ moves: [{ afterDays: 7, tier: 'STANDARD_IA' }] }), 'S3 takes no move to STANDARD_IA before 30 days'],
    [
      rule({ moves: [{ afterDays: 60, tier: 'GLACIER' }], expireAfterDays: 30 }),
      'objects expire after 30 d, before they move to GLACIER after 60 d',
    ],
    [rule({ moves: [{ afterDays: 60, tier: 'COLDLINE' }] }), 'no rule of aws moves to COLDLINE'],
    [rule({ expireAfterDays: 30 }), 'a run paused longer than 30 d loses the save it resumes from, and its best'],
  ])('%#', (one, said) => {
    expect(checkLifecycleRule(one, 'aws').join('\n')).toContain(said);
  });

  test('a rule is for the names that begin like it', () => {
    expect(covers(rule({ prefixes: ['ckpt/'] }), 'ckpt/run1/')).toBe(true);
    expect(covers(rule({ prefixes: ['ckpt/run1/'] }), 'ckpt/')).toBe(false);
    expect(covers(rule({ prefixes: ['ckpt/'], enabled: false }), 'ckpt/')).toBe(false);
  });
});

describe('keeping is priced', () => {
  const offer = (tier: string, usdPerGBMonth: number, minimumDays?: number, cloud = 'aws') => ({
    offer: { cloud, service: 's3', tier, region: 'r', usdPerGBMonth, minimumDays } as StorageOffer,
    words: tier,
  });
  const prices = (cloud = 'aws'): StorePrices => ({
    standard: offer('Standard', 0.02, undefined, cloud),
    keeping: (tier) => (tier === 'STANDARD_IA' ? offer('Standard-IA', 0.01, 30, cloud) : undefined),
    fees: [
      {
        cloud,
        service: 's3',
        tier: 'Standard-IA',
        region: 'r',
        item: 'PUT requests',
        usdEach: 1e-5,
        asOf: '',
        source: '',
      },
      {
        cloud,
        service: 's3',
        tier: 'Standard-IA',
        region: 'r',
        item: 'retrieval',
        usdPerGB: 0.01,
        asOf: '',
        source: '',
      },
    ],
  });
  const kept = { bytes: 1e12, objects: 1000 };
  const rule = (afterDays: number, expireAfterDays?: number): LifecycleRule => ({
    enabled: true,
    prefixes: [''],
    moves: [{ afterDays, tier: 'STANDARD_IA' }],
    ...(expireAfterDays === undefined ? {} : { expireAfterDays }),
  });
  const parts = (rules: readonly LifecycleRule[], days: number, cloud?: string) =>
    Object.fromEntries(costUnder(rules, kept, days, prices(cloud)).parts.map(({ label, dollars }) => [label, dollars]));

  test('by class and day: 1 TB at $0.02 is $20 a month of 30.4 days', () => {
    expect(parts([], 30.4)).toEqual({ Standard: 20 });
    expect(parts([rule(30.4)], 60.8)).toEqual({ Standard: 20, 'Standard-IA': 10, requests: 0.01 });
  });

  test('the minimum of a class is owed by what leaves it sooner, and by nothing that stays', () => {
    expect(parts([rule(30, 40)], 365)['minimum durations']).toBeCloseTo((1000 * 0.01 * 20) / 30.4, 9);
    expect(parts([rule(30)], 40)['minimum durations']).toBeUndefined();
    // On GCS the days before the move count.
    expect(parts([rule(30, 40)], 365, 'gcp')['minimum durations']).toBeUndefined();
    expect(parts([rule(10, 20)], 365, 'gcp')['minimum durations']).toBeCloseTo((1000 * 0.01 * 10) / 30.4, 9);
  });

  test('what has no price is named and left out', () => {
    const unknown = { ...rule(30), moves: [{ afterDays: 30, tier: 'GLACIER' }] };
    expect(costUnder([unknown], kept, 60, prices()).unpriced).toEqual([
      'keeping in GLACIER',
      'the requests that move 1000 objects to GLACIER',
    ]);
    expect(retrievalCost(kept, 'Standard-IA', prices().fees)).toBe(10);
    expect(retrievalCost(kept, 'GLACIER', prices().fees)).toBeUndefined();
  });
});
