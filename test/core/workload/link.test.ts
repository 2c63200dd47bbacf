import { describe, expect, test } from 'vitest';
import { type Fact, type OpenFact, stated } from '#core/facts/fact.ts';
import type { Reading, Reference, Role } from '#core/facts/reading.ts';
import { isFactName } from '#core/facts/vocabulary.ts';
import type { ReadContext } from '#core/readers/reader.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { type LinkOptions, linkFiles } from '#core/workload/link.ts';
import { testSyntax } from '../../grammars.ts';

/**
 * A made-up dialect: the first word of a line starts a reading of that role, then `fact=3` states a number,
 * `fact?` leaves it open, `role:path` names a file, `arg:fact` takes a number from the command that starts the file.
 */
function read(file: SourceFile, context: ReadContext): readonly Reading[] {
  return file.text.split('\n').flatMap((line, index): Reading[] => {
    const [role, ...words] = line.split(' ');
    if (!role) return [];
    const span = { uri: file.uri, start: file.text.indexOf(line), end: file.text.indexOf(line) + 1 };
    const facts: Fact[] = [];
    const open: OpenFact[] = [];
    const references: Reference[] = [];
    for (const word of words) {
      const [name = '', value = ''] = word.split('=');
      if (isFactName(name) && value !== '') facts.push(stated(name, Number(value) as never, span));
      else if (word.endsWith('?') && isFactName(word.slice(0, -1)))
        open.push({ name: word.slice(0, -1) as Fact['name'], reason: 'open', span });
      else if (word.startsWith('arg:')) {
        const given = context.command?.words[0];
        if (given) facts.push(stated(word.slice(4) as Fact['name'], Number(given.text) as never, given.span));
      } else if (word.includes(':')) {
        const [as = '', path = ''] = word.split(':');
        const command = { environment: new Map(), words: [{ text: '7', span }] };
        references.push({ path, role: as as Role, span, ...(as === 'program' ? { command } : {}) });
      }
    }
    const name = `w${index}`;
    return [
      {
        reader: 'made-up',
        uri: file.uri,
        name,
        role: role as Role,
        anchor: span,
        facts,
        open,
        references,
        problems: [],
      },
    ];
  });
}

function filesOf(texts: Readonly<Record<string, string>>): ReadonlyMap<string, SourceFile> {
  return new Map(
    Object.entries(texts).map(([path, text]): [string, SourceFile] => [
      `file:///r/${path}`,
      { uri: `file:///r/${path}`, languageId: path.endsWith('.py') ? 'python' : 'bash', version: 0, text },
    ]),
  );
}

async function link(texts: Readonly<Record<string, string>>, options?: LinkOptions) {
  const files = filesOf(texts);
  const linked = linkFiles(files, read, await testSyntax(), options);
  const short = (uri: string) => uri.replace('file:///r/', '');
  return {
    missing: linked.missing.map(short),
    workloads: linked.workloads.map((one) => ({
      main: short(one.main),
      files: one.files.map(short).sort(),
      facts: Object.fromEntries(one.facts.map((fact) => [fact.name, fact.value])),
      open: one.open.map((fact) => fact.name),
      conflicts: one.conflicts.map((conflict) => [conflict.name, conflict.holds.value, conflict.against.value]),
    })),
  };
}

describe('files that name each other', () => {
  test('make one workload, launch flag over config over code', async () => {
    const { workloads, missing } = await link({
      'run.sh': 'launcher optimizer.lr=1 program:src/train.py config:cfg.yaml',
      'src/train.py': 'program optimizer.lr=3 training.seed=3 training.epochs=3',
      'cfg.yaml': 'config optimizer.lr=2 training.epochs=2',
    });
    expect(missing).toEqual([]);
    expect(workloads).toEqual([
      {
        main: 'src/train.py',
        files: ['cfg.yaml', 'run.sh', 'src/train.py'],
        facts: { 'optimizer.lr': 1, 'training.epochs': 2, 'training.seed': 3 },
        open: [],
        conflicts: [],
      },
    ]);
  });

  test('are known by the file asked about', async () => {
    const texts = { 'run.sh': 'launcher training.seed=1 program:train.py', 'train.py': 'program training.epochs=3' };
    const asked = await link(texts, { main: 'file:///r/run.sh' });
    expect(asked.workloads.map((one) => one.main)).toEqual(['run.sh']);
  });

  test('pass the command line to the program, whose own reading of a flag holds', async () => {
    const { workloads } = await link({
      'run.sh': 'launcher training.epochs=1 program:train.py',
      'train.py': 'program arg:training.epochs',
    });
    expect(workloads[0]?.facts).toEqual({ 'training.epochs': 7 });
  });

  test('are read as they are started alone, and by themselves where several jobs stand in them', async () => {
    const texts = {
      'one.py': 'program training.epochs=2',
      'two.py': 'program training.epochs=2\nprogram training.epochs=3',
      'three.py': 'program training.epochs=4',
      'run.sh': 'launcher training.seed=1 program:one.py program:two.py',
    };
    const reads: string[] = [];
    const files = filesOf(texts);
    const linked = linkFiles(
      files,
      (file, context) => {
        reads.push(`${file.uri.slice('file:///r/'.length)}${context.command ? ' started' : ''}`);
        return read(file, context);
      },
      await testSyntax(),
    );
    expect(reads).toEqual(['run.sh', 'one.py started', 'two.py started', 'two.py', 'three.py']);
    expect(linked.workloads.map(({ main, name }) => [main.slice('file:///r/'.length), name])).toEqual([
      ['two.py', 'w1'],
      ['three.py', 'w0'],
      ['one.py', 'w0'],
    ]);
  });

  test('find paths upwards and by suffix, and tell which are missing', async () => {
    const { workloads, missing } = await link({
      'jobs/a/run.sh': 'launcher training.seed=1 program:src/train.py config:/mnt/x/conf/z3.json config:no.yaml',
      'src/train.py': 'program training.epochs=2',
      'conf/z3.json': 'fragment parallel.zero_stage=3',
    });
    expect(workloads.map((one) => one.files)).toEqual([['conf/z3.json', 'jobs/a/run.sh', 'src/train.py']]);
    expect(missing).toEqual(['jobs/a/no.yaml']);
  });

  test('stay open where a launch flag is open, and yield where a config is', async () => {
    const { workloads } = await link({
      'run.sh': 'launcher training.epochs? program:train.py config:ds.json',
      'train.py': 'program training.epochs=3 training.per_device_batch_size=4',
      'ds.json': 'fragment training.per_device_batch_size?',
    });
    expect(workloads[0]?.facts).toEqual({ 'training.per_device_batch_size': 4 });
    expect(workloads[0]?.open).toEqual(['training.epochs']);
  });

  test('show where they disagree', async () => {
    const { workloads } = await link({
      'job.yaml': 'job hardware.nodes=4 launcher:run.sh',
      'run.sh': 'launcher hardware.nodes=2 hardware.gpus_per_node=8',
    });
    expect(workloads[0]?.facts).toEqual({
      'hardware.nodes': 4,
      'hardware.gpus_per_node': 8,
      'hardware.total_gpus': 32,
    });
    expect(workloads[0]?.conflicts).toEqual([['hardware.nodes', 4, 2]]);
  });

  test('end where they name each other in a circle', async () => {
    const { workloads } = await link({
      'a.sh': 'launcher training.seed=1 launcher:b.sh',
      'b.sh': 'launcher training.epochs=1 launcher:a.sh',
    });
    expect(workloads.map((one) => one.facts)).toEqual([{ 'training.seed': 1, 'training.epochs': 1 }]);
  });
});

test('several jobs of one file stay apart, each with the program', async () => {
  const { workloads } = await link({
    'run.sh': 'launcher training.seed=1 program:train.py\nlauncher training.seed=2 program:train.py',
    'train.py': 'program training.epochs=3',
  });
  expect(workloads.map((one) => one.facts)).toEqual([
    { 'training.seed': 1, 'training.epochs': 3 },
    { 'training.seed': 2, 'training.epochs': 3 },
  ]);
});

test('given files are one set around the file asked about', async () => {
  const texts = { 'train.py': 'program training.epochs=3', 'acc.yaml': 'fragment parallel.zero_stage=3' };
  expect((await link(texts)).workloads.length).toBe(2);
  const { workloads } = await link(texts, { main: 'file:///r/train.py' });
  expect(workloads.map((one) => one.facts)).toEqual([{ 'training.epochs': 3, 'parallel.zero_stage': 3 }]);
});
