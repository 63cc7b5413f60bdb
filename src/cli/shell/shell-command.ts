import { isAddress } from '../../client/lookup.js';
import { parsePort } from '../../core/address.js';
import { parseName } from '../../core/name.js';
import { nearMisses } from '../../core/near-miss.js';
import { parseTopic } from '../../core/topic.js';
import { typed } from '../parse/refused.js';
import { usage } from '../usage.js';

export type ShellCommand =
  | { readonly verb: 'CONNECT'; readonly server: string; readonly name: string }
  | { readonly verb: 'PUBLISH'; readonly topic: string; readonly data: string }
  | { readonly verb: 'SUBSCRIBE' | 'UNSUBSCRIBE'; readonly topic: string }
  | { readonly verb: 'DISCONNECT' | 'STATUS' | 'HELP' | 'QUIT' };

type Verb = ShellCommand['verb'];

/** What each is typed like. */
export const forms: Readonly<Record<Verb, string>> = {
  CONNECT: 'CONNECT port name',
  PUBLISH: 'PUBLISH topic data',
  SUBSCRIBE: 'SUBSCRIBE topic',
  UNSUBSCRIBE: 'UNSUBSCRIBE topic',
  STATUS: 'STATUS',
  DISCONNECT: 'DISCONNECT',
  HELP: 'HELP',
  QUIT: 'QUIT',
};

export const verbs = Object.keys(forms) as readonly Verb[];

const others: Readonly<Record<string, Verb>> = { '-H': 'HELP', '--HELP': 'HELP', '?': 'HELP', EXIT: 'QUIT' };

/** Verbs in any case. @returns undefined for a blank line and for a comment. @throws UsageError saying what was meant. */
export function parseShellCommand(line: string): ShellCommand | undefined {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return undefined;
  const [, word = '', first = '', rest = ''] = /^(\S+)(?:\s+(\S+)(?:\s+(.*))?)?$/s.exec(text) ?? [];
  const verb = verbOf(word);
  switch (verb) {
    case 'CONNECT':
      if (rest === '') throw malformed(verb);
      return { verb, server: serverOf(first), name: typed('name', () => parseName(rest)) };
    case 'PUBLISH':
      if (rest === '') throw malformed(verb);
      return { verb, topic: topicOf(first), data: rest };
    case 'SUBSCRIBE':
    case 'UNSUBSCRIBE':
      if (first === '' || rest !== '') throw malformed(verb);
      return { verb, topic: topicOf(first) };
    default:
      if (first !== '') throw malformed(verb);
      return { verb };
  }
}

function verbOf(word: string): Verb {
  const upper = word.toUpperCase();
  const verb = others[upper] ?? verbs.find((known) => known === upper);
  if (verb) return verb;
  const near = nearMisses(upper, verbs);
  throw usage(
    'command',
    `unknown command "${word}"`,
    near.length > 0 ? near.map((name) => forms[name as Verb]).join(', or ') : 'HELP',
  );
}

/** A port is one of this machine; anything else is a SERVER as everywhere. */
function serverOf(word: string): string {
  if (/^\d+$/.test(word)) return `localhost:${typed('port', () => parsePort(word))}`;
  return isAddress(word) ? word : typed('server', () => parseName(word, 'server'));
}

function topicOf(word: string): string {
  return typed('topic', () => parseTopic(word.toLowerCase()));
}

function malformed(verb: Verb): Error {
  return usage('command', `${verb} is not typed like this`, forms[verb]);
}
