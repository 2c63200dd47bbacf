import { describe, expect, test } from 'vitest';
import { continentOf } from '#core/catalog/transfer-price.ts';
import { costOfReads, crossingOf, crossZoneBytes, placeOfBucket, regionOf } from '#core/lifecycle/placement.ts';
import { testCatalog } from '../catalog/load.ts';

describe('where a bucket is', () => {
  test.each([
    ['s3://team-data/tokens', { cloud: 'aws' }],
    ['s3://sagemaker-eu-central-1-123456789012/x', { cloud: 'aws', region: 'eu-central-1' }],
    ['https://team.s3.ap-southeast-2.amazonaws.com/a.tar', { cloud: 'aws', region: 'ap-southeast-2' }],
    ['https://s3.us-gov-west-1.amazonaws.com/team/a.tar', { cloud: 'aws', region: 'us-gov-west-1' }],
    ['gs://team-data', { cloud: 'gcp' }],
    ['abfss://data@team.dfs.core.windows.net/x', { cloud: 'azure' }],
    ['HuggingFaceH4/ultrachat_200k', undefined],
    ['s3://sagemaker-examples-us/x', { cloud: 'aws' }],
  ])('%s', (address, place) => {
    expect(placeOfBucket(address)).toEqual(place);
  });

  test.each([
    ['us-east-1a', 'us-east-1'],
    ['us-central1-a', 'us-central1'],
    ['westeurope', 'westeurope'],
  ])('the zone %s is in %s', (zone, region) => {
    expect(regionOf(zone)).toBe(region);
  });

  test.each([
    [{ cloud: 'aws', region: 'us-east-1' }, { cloud: 'aws', region: 'us-east-1b' }, 'none'],
    [{ cloud: 'aws', region: 'us-east-1' }, { cloud: 'aws', region: 'us-west-2' }, 'region'],
    [{ cloud: 'aws' }, { cloud: 'gcp', region: 'us-central1' }, 'cloud'],
    [{ cloud: 'aws' }, { cloud: 'aws', region: 'us-west-2' }, 'unknown'],
  ] as const)('%o to %o', (from, to, crossing) => {
    expect(crossingOf(from, to)).toBe(crossing);
  });
});

test('reads are paid at every pass, a copy once and its keeping', () => {
  const cost = costOfReads(4e12, 5, 0.02, { usdPerGBMonth: 0.023, months: 1 });
  expect(cost.perRead).toBeCloseTo(80, 9);
  expect(cost.total).toBeCloseTo(400, 9);
  expect(cost.copyOnce).toBeCloseTo(80 + 92, 9);
});

test('a ring over 8 nodes in 2 zones passes 2 x 7/8 of the gradients over each of 2 links', () => {
  expect(crossZoneBytes(16e9, 8, 2, false)).toBeCloseTo(2 * 2 * (7 / 8) * 16e9, 0);
  expect(crossZoneBytes(16e9, 8, 2, true) / crossZoneBytes(16e9, 8, 2, false)).toBeCloseTo(1.5, 9);
  expect(crossZoneBytes(16e9, 8, 1, false)).toBe(0);
  expect(crossZoneBytes(16e9, 1, 2, false)).toBe(0);
});

describe('what the way costs', () => {
  test.each([
    ['aws', 'us-east-1', 'us-west-2', 0.02],
    ['aws', 'eu-west-1', 'us-east-2', 0.02],
    ['gcp', 'us-central1', 'us-east4', 0.02],
    ['gcp', 'europe-west4', 'europe-west1', 0.02],
    ['azure', 'eastus', 'westus2', 0.02],
    ['azure', 'uksouth', 'westeurope', 0.02],
    // Between other continents prices differ by the pair, and no list of them is at hand.
    ['gcp', 'us-central1', 'europe-west4', undefined],
    ['aws', 'ap-northeast-1', 'us-east-1', undefined],
    ['aws', 'us-east-1', 'sa-east-1', undefined],
    ['azure', 'eastus', 'southeastasia', undefined],
  ] as const)('%s %s to %s', async (cloud, from, to, price) => {
    expect((await testCatalog()).betweenRegions(cloud, from, to)?.usdPerGB).toBe(price);
  });

  test.each([
    ['aws', 'eu-west-1', 0.01],
    ['gcp', 'us-central1', 0.01],
    ['azure', 'eastus', 0],
    ['oci', 'us-ashburn-1', undefined],
  ] as const)('between zones of %s %s', async (cloud, region, price) => {
    expect((await testCatalog()).betweenZones(cloud, region)?.usdPerGB).toBe(price);
  });

  test.each([
    ['us-gov-west-1', 'north-america'],
    ['northamerica-northeast1', 'north-america'],
    ['southcentralus', 'north-america'],
    ['switzerlandnorth', 'europe'],
    ['southamerica-east1', undefined],
    ['australiaeast', undefined],
  ] as const)('%s is in %s', (region, continent) => {
    expect(continentOf(region)).toBe(continent);
  });
});
