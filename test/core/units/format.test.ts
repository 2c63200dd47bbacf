import { describe, expect, test } from 'vitest';
import {
  formatCount,
  formatDisk,
  formatDuration,
  formatDurationInterval,
  formatGiB,
  formatInterval,
  formatMoney,
  formatMoneyInterval,
  formatNumber,
  formatParameters,
  formatShare,
} from '#core/units/format.ts';
import { money } from '#core/units/money.ts';

const around = (likely: number, low: number, high: number) => ({ low, likely, high });

describe('figures as people read them', () => {
  test.each([
    [1240.4, '1,240'],
    [412.3, '412'],
    [71.4, '71'],
    [16.42, '16.4'],
    [0.8432, '0.84'],
    [3.4499, '3.4'],
    [Number.NaN, 'unknown'],
  ])('%d is %s', (value, text) => expect(formatNumber(value)).toBe(text));

  test.each([
    [412.34, '$412'],
    [1240, '$1,240'],
    [0.84, '$0.84'],
    [0.00042, '$0.00042'],
    [24.6, '$25'],
    [10_400_000, '$10,400,000'],
  ])('%d dollars are %s', (amount, text) => expect(formatMoney(money(amount))).toBe(text));

  test('euros carry their sign', () => expect(formatMoney(money(12, 'EUR'))).toBe('€12'));

  test.each([
    [0.0123, '12.3 ms'],
    [1.25, '1.25 s'],
    [2040, '34 min'],
    [59_040, '16.4 h'],
    [187_200, '2 d 4 h'],
    [1_000_000, '11.6 d'],
  ])('%d seconds are %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text));

  test('disk in decimal units, device memory in GiB', () => {
    expect(formatDisk(62e9)).toBe('62 GB');
    expect(formatDisk(2.9e12)).toBe('2.9 TB');
    expect(formatDisk(16e6)).toBe('16 MB');
    expect(formatGiB(71.2 * 2 ** 30)).toBe('71');
    expect(formatGiB(5.25 * 2 ** 30)).toBe('5.3');
  });

  test('counts, parameters and shares', () => {
    expect(formatCount(207_865)).toBe('208,000');
    expect(formatCount(9728)).toBe('9,728');
    expect(formatParameters(8_030_261_248)).toBe('8.03B');
    expect(formatParameters(124e6)).toBe('124M');
    expect(formatShare(-0.489)).toBe('-49 %');
    expect(formatShare(0.034)).toBe('+3 %');
  });
});

describe('ranges', () => {
  test('likely first, the unit once', () => {
    expect(formatInterval(around(59_040, 46_800, 75_600), formatDuration)).toBe('16.4 h (13-21)');
    expect(formatMoneyInterval({ currency: 'USD', micros: around(412e6, 330e6, 520e6) })).toBe('$412 (330-520)');
  });

  test('left out where it would not change a decision', () => {
    expect(formatInterval(around(100, 98, 103), formatNumber)).toBe('100');
  });

  test('wall clock keeps the unit of its likely value', () => {
    expect(formatDurationInterval(around(8280, 7140, 9720))).toBe('2.3 h (1.98-2.7)');
    expect(formatDurationInterval(around(1.17, 0.998, 1.4))).toBe('1.17 s (1-1.4)');
    expect(formatDurationInterval(around(187_200, 150_000, 230_000))).toBe('52 h (42-64)');
  });

  test('both units where they differ', () => {
    expect(formatInterval(around(7200, 3600, 14_400), formatDuration)).toBe('2 h (60 min to 4 h)');
  });
});
