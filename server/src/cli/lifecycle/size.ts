import { exit, KnownError } from '../exit.ts';

/** Decimal and binary units, as disks and tools write them. */
const units: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  PB: 1e15,
  KIB: 2 ** 10,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
  TIB: 2 ** 40,
};

/** Bytes of a size as typed: `2.9TB`, `500 GiB`, `1000`; a word that is none is a usage error. */
export function bytesOf(text: string, option: string): number {
  const [, number, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*$/.exec(text) ?? [];
  const factor = units[unit.toUpperCase()];
  if (number === undefined || factor === undefined || !(Number(number) > 0))
    throw new KnownError(`${option} ${text}: a size such as 2.9TB or 500GiB`, exit.usage);
  return Number(number) * factor;
}
