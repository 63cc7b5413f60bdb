import type { Complete } from '../live/live-line.js';
import { verbs } from './shell-command.js';

const withTopic = ['PUBLISH', 'SUBSCRIBE', 'UNSUBSCRIBE'];

/** Completes the verb, in capitals, and after one that takes a topic the topics that are known. */
export function completion(topics: () => Iterable<string>): Complete {
  return (line) => {
    const words = line.trimStart().split(/\s+/);
    const [first = '', second = ''] = words;
    if (words.length === 1) return [starting(verbs, first.toUpperCase()), first];
    const verb = first.toUpperCase();
    if (words.length > 2 || !withTopic.includes(verb)) return [[], line];
    return [starting([...new Set(topics())].sort(), second.toLowerCase()), second];
  };
}

function starting(candidates: readonly string[], start: string): readonly string[] {
  return candidates.filter((candidate) => candidate.startsWith(start)).map((candidate) => `${candidate} `);
}
