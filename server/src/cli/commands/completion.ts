import { commonUsage } from '../common.ts';
import { type ExitCode, exit, KnownError } from '../exit.ts';
import type { Command } from './index.ts';

/** Prints the completion of a shell, or the manual page, made from the commands' own words. */
export function completionOf(all: () => readonly Command[]): Command {
  return {
    name: 'completion',
    usage: 'completion bash|zsh|fish|man',
    summary: 'shell completion, or the manual page: flopwise completion man | man -l -',
    async run([shell, ...more], host): Promise<ExitCode> {
      const make = shell !== undefined && more.length === 0 && Object.hasOwn(makers, shell) ? makers[shell] : undefined;
      if (!make) throw new KnownError(`completion takes one of ${Object.keys(makers).join(', ')}`, exit.usage);
      host.out(make(all(), host.version));
      return exit.fine;
    },
  };
}

const makers: Readonly<Record<string, (commands: readonly Command[], version: string) => string>> = {
  bash,
  zsh,
  fish,
  man,
};

/** Options of a command, as its usage names them, and those of every command. */
function optionsOf({ usage }: Command): readonly string[] {
  return [...new Set(`${usage} ${commonUsage.join(' ')}`.match(/--[a-z][a-z-]*/g) ?? [])];
}

function bash(commands: readonly Command[]): string {
  const cases = commands.map((one) => `    ${one.name}) words="${optionsOf(one).join(' ')}" ;;`);
  return `_flopwise() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(' ')}" -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  if [ "\${current#-}" != "$current" ]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  else
    COMPREPLY=($(compgen -f -- "$current"))
  fi
}
complete -o filenames -F _flopwise flopwise`;
}

function zsh(commands: readonly Command[]): string {
  const names = commands.map((one) => `    '${one.name}:${plain(one.summary)}'`);
  const cases = commands.map(
    (one) =>
      `    ${one.name}) _arguments ${optionsOf(one)
        .map((option) => `'${option}'`)
        .join(' ')} '*:file:_files' ;;`,
  );
  return `#compdef flopwise
_flopwise() {
  local -a names
  names=(
${names.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' names
    return
  fi
  local name=$words[2]
  shift words
  (( CURRENT-- ))
  case $name in
${cases.join('\n')}
  esac
}
compdef _flopwise flopwise`;
}

function fish(commands: readonly Command[]): string {
  return commands
    .flatMap((one) => [
      `complete -c flopwise -n __fish_use_subcommand -a ${one.name} -d '${plain(one.summary)}'`,
      ...optionsOf(one).map(
        (option) => `complete -c flopwise -n '__fish_seen_subcommand_from ${one.name}' -l ${option.slice(2)}`,
      ),
    ])
    .join('\n');
}

/** The words of a summary without the signs that a shell would take for its own. */
function plain(text: string): string {
  return text.replace(/['":\\]/g, '');
}

function man(commands: readonly Command[], version: string): string {
  const roff = (text: string) =>
    text
      .replace(/\\/g, '\\e')
      .replace(/-/g, '\\-')
      .replace(/^([.'])/gm, '\\&$1');
  const blocks = commands.map((one) => {
    const details = one.details ? `\n.PP\n.nf\n${roff(one.details)}\n.fi` : '';
    return `.TP\n.B flopwise ${roff(one.usage)}\n${roff(one.summary)}${details}`;
  });
  return `.TH FLOPWISE 1 "" "flopwise ${version}" "User Commands"
.SH NAME
flopwise \\- what a training or serving job costs, before it runs
.SH COMMANDS
${blocks.join('\n')}
.SH OPTIONS OF EVERY COMMAND
.nf
${roff(commonUsage.join('\n'))}
.fi
.SH EXIT STATUS
0 fine; 1 findings at or above the threshold, or a limit broken; 2 not done; 64 wrong usage.
.SH ENVIRONMENT
NO_COLOR, FORCE_COLOR, CI, HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY, XDG_CACHE_HOME, and the tokens that comment names.`;
}
