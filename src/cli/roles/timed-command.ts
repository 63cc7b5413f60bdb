import { nearMisses } from '../../core/near-miss.js';
import { parseTopic } from '../../core/topic.js';
import { typed } from '../parse/refused.js';
import { usage } from '../usage.js';

export type Role = 'publisher' | 'subscriber';

export type Command =
  | { readonly verb: 'pub'; readonly topic: string; readonly words: string }
  | { readonly verb: 'sub' | 'unsub'; readonly topic: string }
  | { readonly verb: 'quit' };

export interface TimedCommand {
  /** How long after the command before. */
  readonly afterMs: number;
  readonly command: Command;
}

const verbs: Readonly<Record<Role, readonly string[]>> = {
  publisher: ['pub', 'quit', 'terminate'],
  subscriber: ['sub', 'unsub', 'quit', 'terminate'],
};
const forms: Readonly<Record<Role, string>> = {
  publisher: 'SECONDS pub TOPIC WORDS…',
  subscriber: 'SECONDS sub TOPIC, or SECONDS unsub TOPIC',
};
/** Timers hold 31 bits of milliseconds. */
const mostSeconds = 2_000_000;

/**
 * One line of a command file, `SECONDS verb TOPIC [WORDS…]`; at the keyboard SECONDS may be left out. Verbs and topics in any
 * case. @returns undefined for a blank line and for a comment. @throws UsageError saying what is wrong with it.
 */
export function parseTimedCommand(line: string, role: Role, from: 'file' | 'keyboard'): TimedCommand | undefined {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return undefined;
  const [, seconds, rest = ''] = /^([\d.,+-]+)(?:\s+(.*))?$/s.exec(text) ?? [undefined, undefined, text];
  if (isEnd(text)) return { afterMs: 0, command: { verb: 'quit' } };
  if (seconds === undefined && from === 'file')
    throw usage('seconds', 'the line does not begin with a number of seconds', forms[role]);
  const afterMs = seconds === undefined ? 0 : parseSeconds(seconds);
  if (rest === '') throw usage('command', 'there is no command after the seconds', forms[role]);
  return { afterMs, command: parseCommand(rest, role) };
}

function parseCommand(text: string, role: Role): Command {
  const [, word = '', topic = '', words = ''] = /^(\S+)(?:\s+(\S+)(?:\s+(.*))?)?$/s.exec(text) ?? [];
  const verb = word.toLowerCase();
  if (isEnd(text)) return { verb: 'quit' };
  if (verb === 'pub' && role === 'publisher') {
    if (words === '') throw usage('command', 'pub needs a topic and words', forms[role]);
    return { verb, topic: parse(topic), words };
  }
  if ((verb === 'sub' || verb === 'unsub') && role === 'subscriber') {
    if (topic === '' || words !== '') throw usage('command', `${verb} needs one topic`, forms[role]);
    return { verb, topic: parse(topic) };
  }
  const near = nearMisses(verb, verbs[role]);
  throw usage(
    'command',
    `"${word}" is not a command of a ${role}`,
    near.length > 0 ? `did you mean ${near.join(' or ')}?` : forms[role],
  );
}

function isEnd(text: string): boolean {
  return /^(quit|terminate)$/i.test(text);
}

function parse(topic: string): string {
  return typed('topic', () => parseTopic(topic.toLowerCase()));
}

function parseSeconds(text: string): number {
  const seconds = /^(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
  if (!(seconds <= mostSeconds))
    throw usage('seconds', `"${text}" is not a number of seconds`, `0 to ${mostSeconds}, as in 2 or 0.5`);
  return Math.round(seconds * 1000);
}
