import type { DataNode } from '../../syntax/data.ts';
import { type Form, words } from './form.ts';
import { put, type Sheet } from './sheet.ts';

const clouds: ReadonlyMap<string, string> = new Map([
  ['aws', 'aws'],
  ['gcp', 'gcp'],
  ['google', 'gcp'],
  ['azure', 'azure'],
]);

/** A cloud under any of its names; others stay as they are written. */
export const cloud: Form<string> = {
  read: (text) => ({ value: clouds.get(text.toLowerCase()) ?? text.toLowerCase() }),
  spell: (value) => value,
};

/** Puts cloud and region (or zone) where a format names them apart. */
export function putPlace(sheet: Sheet, provider: DataNode | undefined, region: DataNode | undefined): void {
  put(sheet, 'infra.cloud', provider, cloud);
  put(sheet, 'infra.region', region, words);
}
