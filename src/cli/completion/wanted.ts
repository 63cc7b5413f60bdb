import type { Argument, Command, Option } from 'commander';

/** A word that fits where the cursor stands, and what it is. */
export interface Candidate {
  readonly word: string;
  readonly about: string;
}

/** What is looked for: words that are known here, something of the network, a file, or a text that only the person knows. */
type Wanted =
  | { readonly kind: 'words'; readonly words: readonly Candidate[] }
  | { readonly kind: 'server' | 'origin' | 'file' | 'text' }
  /** `server` is the community that the line names, if it does so already. */
  | { readonly kind: 'topic'; readonly server: string | undefined };

export interface Place {
  readonly wanted: Wanted;
  /** What is typed of it up to now. */
  readonly start: string;
}

/** What a placeholder in the help stands for, where that can be completed. */
const kinds: Readonly<Record<string, 'server' | 'origin' | 'file' | 'topic'>> = {
  server: 'server',
  a: 'server',
  b: 'server',
  file: 'file',
  folder: 'file',
  topic: 'topic',
};

/** Where the cursor stands in `typed`: the words after `moot`, the last one being typed, '' where it is not begun. */
export function placeOf(program: Command, typed: readonly string[]): Place {
  const words = glued(typed).map(unquoted);
  const start = words.at(-1) ?? '';
  let command = program;
  let awaited: Option | undefined;
  let onlyWords = false;
  const given: string[] = [];
  for (const word of words.slice(0, -1)) {
    if (awaited) awaited = undefined;
    else if (word === '--') onlyWords = true;
    else if (!onlyWords && word.startsWith('-') && word !== '-') {
      const option = word.includes('=') ? undefined : find(program, command, word);
      if (option && takesValue(option)) awaited = option;
    } else if (command === program) {
      command = program.commands.find((one) => one.name() === word) ?? program;
      if (command === program) return { wanted: { kind: 'text' }, start };
    } else given.push(word);
  }
  const server = command.registeredArguments[0]?.name() === 'server' ? given[0] : undefined;
  if (awaited) return { wanted: ofOption(awaited, server), start };
  const [, flag, value] = /^(--[\w-]+)=(.*)$/s.exec(start) ?? [];
  const assigned = flag === undefined || onlyWords ? undefined : find(program, command, flag);
  if (assigned) return { wanted: ofOption(assigned, server), start: value ?? '' };
  if (start.startsWith('-') && !onlyWords) return { wanted: flagsOf(program, command), start };
  if (command === program) return { wanted: commandsOf(program), start };
  const argument = command.registeredArguments[given.length] ?? variadic(command);
  if (argument) return { wanted: ofArgument(argument, server), start };
  return { wanted: onlyWords ? { kind: 'text' } : flagsOf(program, command), start };
}

/** bash takes a word apart at = and : (its COMP_WORDBREAKS). */
function glued(typed: readonly string[]): readonly string[] {
  const words: string[] = [];
  let isOpen = false;
  for (const word of typed) {
    const isBreak = /^[=:]+$/.test(word);
    if ((isBreak || isOpen) && words.length > 0) words.push(`${words.pop()}${word}`);
    else words.push(word);
    isOpen = isBreak;
  }
  return words;
}

function unquoted(word: string): string {
  return word.replace(/^["']|["']$/g, '').replace(/\\(.)/gs, '$1');
}

function find(program: Command, command: Command, flag: string): Option | undefined {
  return [...command.options, ...program.options].find((option) => [option.short, option.long].includes(flag));
}

function takesValue(option: Option): boolean {
  return option.required || option.optional;
}

function ofOption(option: Option, server: string | undefined): Wanted {
  if (option.argChoices) return choices(option.argChoices);
  const placeholder = /[<[]([\w-]+)/.exec(option.flags)?.[1] ?? '';
  if (option.long === '--origin') return { kind: 'origin' };
  if (placeholder === 'place') return choices(['now', 'beginning']);
  return ofKind(kinds[placeholder], server);
}

function ofArgument(argument: Argument, server: string | undefined): Wanted {
  return argument.argChoices ? choices(argument.argChoices) : ofKind(kinds[argument.name()], server);
}

function ofKind(kind: 'server' | 'origin' | 'file' | 'topic' | undefined, server: string | undefined): Wanted {
  return kind === 'topic' ? { kind, server } : { kind: kind ?? 'text' };
}

function choices(words: readonly string[]): Wanted {
  return { kind: 'words', words: words.map((word) => ({ word, about: '' })) };
}

function variadic(command: Command): Argument | undefined {
  const last = command.registeredArguments.at(-1);
  return last?.variadic ? last : undefined;
}

function commandsOf(program: Command): Wanted {
  const shown = program.createHelp().visibleCommands(program);
  return { kind: 'words', words: shown.map((one) => ({ word: one.name(), about: one.description() })) };
}

function flagsOf(program: Command, command: Command): Wanted {
  const options = new Set([...command.createHelp().visibleOptions(command), ...program.options]);
  const words = [...options].flatMap(({ long, description }) => (long ? [{ word: long, about: description }] : []));
  return { kind: 'words', words };
}
