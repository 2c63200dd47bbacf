import { changeable } from '../../facts/changeable.ts';
import type { Role } from '../../facts/reading.ts';
import type { FactName } from '../../facts/vocabulary.ts';
import type { Refusal } from '../reader.ts';

/** Reasons of one format for facts that it has no place for. */
export type Lacks = Readonly<Partial<Record<FactName, string>>>;

/** Who refuses: a format's name, the part that its file plays in a job, and its own reasons. */
export interface Holder {
  readonly title: string;
  readonly role: Role;
  readonly lacks?: Lacks;
}

/** Says why a format has no place for a fact: its own reason, else what the file is for and where the fact belongs. */
export function describeLack(holder: Holder, name: FactName): Refusal {
  const { title, role, lacks } = holder;
  const own = lacks?.[name];
  if (own !== undefined) return { refused: own };
  const word = wordOf(name);
  const about = groupOf(name);
  const trains = role === 'program' || role === 'config' || role === 'fragment';
  if (trains && about === 'machine') {
    return { refused: `This file does not say what the job runs on: set ${word} in the file that starts it.` };
  }
  if (about === 'server' && role !== 'serving') {
    const what = trains ? 'This file is about training and starts no server' : 'This job starts no known server';
    return { refused: `${what}, so ${word} has no place here.` };
  }
  if (about === 'training' && role === 'infrastructure') {
    return { refused: `This file describes machines: set ${word} in the program that runs on them.` };
  }
  if (about === 'training' && role === 'serving') {
    return { refused: `This file starts a server and trains nothing, so ${word} has no place here.` };
  }
  if (about === 'training' && !trains) {
    return { refused: `The flags of the program that starts here are not known: set ${word} in it or in its config.` };
  }
  if (role === 'program')
    return { refused: `No argument in this program sets ${word}: that takes a change of its code.` };
  return { refused: `The format (${title}) has no setting for ${word}.` };
}

/** A fact in words, for sentences. */
export function wordOf(name: FactName): string {
  const known: Readonly<Partial<Record<FactName, string>>> = changeable;
  return known[name] ?? `\`${name}\``;
}

function groupOf(name: FactName): 'machine' | 'server' | 'training' {
  if (/^(hardware|infra|resources|job)\./.test(name)) return 'machine';
  return name.startsWith('serving.') ? 'server' : 'training';
}
