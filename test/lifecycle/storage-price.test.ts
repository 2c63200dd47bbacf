import { expect, test } from 'vitest';
import { storagePriceOf } from '#core/lifecycle/storage-price.ts';
import { testCatalog } from '../catalog/load.ts';

const catalog = testCatalog();

test.each([
  ['STANDARD_IA', 's3', 'Standard-IA'],
  ['Standard', 's3', 'Standard'],
  ['efs Standard-IA', 'efs', 'Standard-IA'],
  ['gp3', 'ebs', 'gp3'],
  ['DEEP_ARCHIVE', 's3', 'Glacier Deep Archive'],
])('aws %s is %s %s', (tier, service, name) => {
  expect(storagePriceOf(catalog, { cloud: 'aws', region: 'us-east-1', tier })).toMatchObject({
    offer: { service, tier: name },
  });
});
