import { describe, expect, test } from 'vitest';
import { readArguments, readShell, type ShellOptions } from '#core/evaluate/shell.ts';
import { plainWord } from '#core/evaluate/shell-word.ts';
import { testSyntax } from '../../grammars.ts';

const uri = 'file:///run.sh';

/** Each command as its words; an unknown word as `?source`. */
async function commandsOf(text: string, options: ShellOptions = {}): Promise<string[][]> {
  const syntax = await testSyntax();
  const parse = (inner: string) => syntax.parse('bash', inner);
  const { commands } = readShell(parse(text), text, uri, { parse, ...options });
  return commands.map((command) =>
    command.words.map((word) => (word.unknown === undefined ? word.text : `?${word.text}`)),
  );
}

/** What stands at the span of the word after a flag of the first command. */
async function placeOf(text: string, flag: string): Promise<string> {
  const syntax = await testSyntax();
  const { commands } = readShell(syntax.parse('bash', text), text, uri);
  const words = commands.at(-1)?.words ?? [];
  const word = words[words.findIndex((one) => one.text === flag) + 1];
  return word ? text.slice(word.span.start, word.span.end) : 'none';
}

describe('a shell script', () => {
  test('gives words over continued lines, quotes and variables', async () => {
    const text = 'LR=1e-4\nNAME="run ${LR}"\npython train.py \\\n  --lr $LR --name "$NAME" \\\n  --x=\'a b\'\n';
    expect(await commandsOf(text)).toEqual([['python', 'train.py', '--lr', '1e-4', '--name', 'run 1e-4', '--x=a b']]);
  });

  test('takes defaults of names that nothing sets', async () => {
    const text = ': "${TP:=4}"\nB=${BATCH:-8}\nN=${1:-2}\ngo $TP $B $N ${EXTRA:+--foo} ${OUT:-}\n';
    expect((await commandsOf(text)).at(-1)).toEqual(['go', '4', '8', '2']);
  });

  test('joins arrays and strings of arguments', async () => {
    const text = 'A=(--lr 1 # note\n --bs=2)\nA+=(--z)\nS=" --tp 4 \\\n --pp 2"\nS+=" --cp 1"\ngo "${A[@]}" $S\n';
    expect(await commandsOf(text)).toEqual([
      ['go', '--lr', '1', '--bs=2', '--z', '--tp', '4', '--pp', '2', '--cp', '1'],
    ]);
  });

  test('works out whole-number arithmetic', async () => {
    const text = 'A=8\nB=$((A * 4 / 3 + 1))\ngo $B $(( $A << 1 )) $((A*MISSING))\n';
    expect(await commandsOf(text)).toEqual([['go', '11', '16', '?$((A*MISSING))']]);
  });

  test('follows decided branches only', async () => {
    const text = `SIZE=7B
if [ "$SIZE" == "1B" ]; then H=1; elif [[ $SIZE = 7B && -z $Q ]]; then H=2; else H=3; fi
case $SIZE in 1B|2B) L=1 ;; 7*) L=7 ;; *) L=0 ;; esac
[ -z "$PORT" ] && PORT=29500
if [ "$X" == "" ]; then X=3; fi
go $H $L $PORT $X\n`;
    expect(await commandsOf(text)).toEqual([['go', '2', '7', '29500', '3']]);
  });

  test('leaves open what a run decides', async () => {
    const text = 'if [ -f cfg ]; then N=1; M=5; else N=2; M=5; fi\ngo $N $M $(nproc) $2 $HOSTS\n';
    expect(await commandsOf(text)).toEqual([['go', '?$N', '5', '?$(nproc)', '?$2', '?$HOSTS']]);
  });

  test('does not take a branch that only asks for an argument', async () => {
    const text = 'if [ -z "$1" ]; then echo usage; exit 1; fi\ngo $1\n';
    expect(await commandsOf(text)).toEqual([['go', '?$1']]);
    expect(await commandsOf(text, { positional: [plainWord('9', { uri, start: 0, end: 1 })] })).toEqual([['go', '9']]);
  });

  test('calls functions, reads sourced files and command strings', async () => {
    const text =
      'source ./env.sh\nrun() { local n=$1; shift; go $n "$@"; }\nrun 4 a b\nCMD="go --size $SIZE"\neval $CMD\nbash -c "go2 $SIZE"\n';
    const source = (path: string) => (path === './env.sh' ? { text: 'SIZE=7\n', uri: 'file:///env.sh' } : undefined);
    expect(await commandsOf(text, { source })).toEqual([
      ['go', '4', 'a', 'b'],
      ['go', '--size', '7'],
      ['go2', '7'],
    ]);
  });

  test('keeps heredocs that become files or scripts', async () => {
    const syntax = await testSyntax();
    const parse = (inner: string) => syntax.parse('bash', inner);
    const text = 'N=2\ncat <<EOF > ds.json\n{"stage": $N}\nEOF\nsbatch <<EOF\n#SBATCH --nodes=$N\nsrun go\nEOF\n';
    const reading = readShell(parse(text), text, uri, { parse });
    expect(reading.written.map((file) => [file.path.text, file.text])).toEqual([['ds.json', '{"stage": 2}\n']]);
    expect(reading.scripts.map((script) => script.text)).toEqual(['#SBATCH --nodes=2\nsrun go\n']);
    expect(reading.commands.map((command) => command.words.map((word) => word.text))).toEqual([['srun', 'go']]);
  });

  test('gives each value the place that fixes it', async () => {
    expect(await placeOf('BS=4\ngo --bs ${BS}\n', '--bs')).toBe('4');
    expect(await placeOf('A="--bs 16 --lr 2"\ngo $A\n', '--bs')).toBe('16');
    expect(await placeOf('go --bs ${BS:-"8"}\n', '--bs')).toBe('8');
    expect(await placeOf('D=/data\nO="$D/run"\ngo --out $O\n', '--out')).toBe('"$D/run"');
  });

  test('keeps words together that hold a digit parameter', async () => {
    const text = 'C=conf/ds_$1.json\ngo a_$1.json $C\n';
    const positional = [plainWord('z', { uri, start: 0, end: 1 })];
    expect(await commandsOf(text, { positional })).toEqual([['go', 'a_z.json', 'conf/ds_z.json']]);
  });

  test('keeps prefixed and exported names for the command', async () => {
    const syntax = await testSyntax();
    const text = 'export A=1\nB=2\nC=3 go\n';
    const [command] = readShell(syntax.parse('bash', text), text, uri).commands;
    expect([...(command?.environment ?? [])].map(([name, word]) => [name, word.text])).toEqual([
      ['A', '1'],
      ['C', '3'],
    ]);
  });

  test('ends on endless recursion', async () => {
    expect(await commandsOf('f() { f; g; }\nf\n')).toBeDefined();
  });
});

test('a list of arguments is not split, and `sh -c` in it is read as a script', async () => {
  const syntax = await testSyntax();
  const parse = (inner: string) => syntax.parse('bash', inner);
  const words = (texts: readonly string[]) => texts.map((text) => plainWord(text, { uri, start: 0, end: 0 }));
  const environment = new Map([['N', plainWord('4', { uri, start: 0, end: 0 })]]);
  const read = (texts: readonly string[]) =>
    readArguments(words(texts), environment, { parse }).map((command) => command.words.map((word) => word.text));
  expect(read(['python', 'a b.py', '$(N)'])).toEqual([['python', 'a b.py', '4']]);
  expect(read(['/bin/bash', '-c', 'go --n $N && stop'])).toEqual([['go', '--n', '4'], ['stop']]);
});
