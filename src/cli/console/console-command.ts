import { nearMisses } from '../../core/near-miss.js';
import { usage } from '../usage.js';

/** What can be typed at a running server, and what it does. */
export const meanings = {
  status: 'who publishes and who is subscribed, how many members and articles there are',
  peers: 'the communities it links to',
  topics: 'the topics that are subscribed to, and by how many',
  help: 'this list',
  exit: 'stop the server, gracefully',
} as const;

export type ConsoleCommand = keyof typeof meanings;

const verbs = Object.keys(meanings) as readonly ConsoleCommand[];
const others: Readonly<Record<string, ConsoleCommand>> = { quit: 'exit', '?': 'help', '-h': 'help', '--help': 'help' };

/** In any case. @returns undefined for a blank line. @throws UsageError saying what was meant. */
export function parseConsoleCommand(line: string): ConsoleCommand | undefined {
  const word = line.trim().toLowerCase();
  if (word === '') return undefined;
  const verb = others[word] ?? verbs.find((known) => known === word);
  if (verb) return verb;
  const near = nearMisses(word, verbs);
  throw usage('command', `unknown command "${line.trim()}"`, near.length > 0 ? near.join(' or ') : 'help');
}
