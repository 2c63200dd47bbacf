import { exit, KnownError } from '../exit.ts';
import { runPlace } from '../lifecycle/place.ts';
import { runPointers } from '../lifecycle/pointers.ts';
import { runReadRules } from '../lifecycle/rules.ts';
import { runWriteRule } from '../lifecycle/write-rule.ts';
import type { Command } from './index.ts';

/** Prices and writes lifecycle rules of buckets, and counts what pointer files stand for. */
export const command: Command = {
  name: 'storage',
  usage:
    'storage rules FILE... | storage rule --cloud C --prefix P [--expire D] [--move D:CLASS] | storage pointers DIR | storage place PATH...',
  summary:
    'lifecycle rules of buckets read, priced and written; DVC, git-lfs and lakeFS pointers counted; data and machines placed',
  details: `flopwise storage rules FILE... [--bytes 2.9TB] [--objects N] [--prefix P] [--days 365] [--region R] [--format table|json]
  Lifecycle rules of S3, GCS and Azure, as JSON or Terraform: what a service would refuse, and what keeping so many bytes comes
  to with and without them: classes, minimum durations, requests. Without --bytes the price is of an example, 1 TB.

flopwise storage rule --cloud aws|gcp|azure --prefix P [--expire DAYS] [--move DAYS:CLASS]... [--bucket NAME] [--terraform]
    [--dir FOLDER | --bytes SIZE --objects N]
  Writes a rule to stdout; what it would touch, counted in FOLDER, and its price go to stderr. Nothing is applied.

flopwise storage pointers DIR [--format table|json]
  Bytes behind .dvc files, dvc.lock and git-lfs pointers, and what equal contents are stored as; clones of lakeFS tell no size.

flopwise storage place PATH... [--bucket-region R] [--bytes SIZE] [--zones N] [--format table|json]
  Where a job's data and machines are, what reading it over that way costs at its epochs, what one copy costs instead, and what
  crosses the zones that its nodes stand in.`,
  async run(argv, host) {
    const [first, ...rest] = argv;
    if (first === 'rules') return runReadRules(rest, host);
    if (first === 'rule') return runWriteRule(rest, host);
    if (first === 'pointers') return runPointers(rest, host);
    if (first === 'place') return runPlace(rest, host);
    throw new KnownError('storage needs one of the words rules, rule, pointers, place', exit.usage);
  },
};
