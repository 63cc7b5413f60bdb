import { idStart } from '../../client/lookup.js';
import type { KnownServer } from './known-network.js';
import type { Candidate, Place } from './wanted.js';

/** The candidates that go on from what is typed. `servers` is only asked where the network has the answer. */
export async function candidatesFor(
  { wanted, start }: Place,
  servers: () => Promise<readonly KnownServer[]>,
): Promise<readonly Candidate[]> {
  const begins = (text: string): boolean => text.toLowerCase().startsWith(start.toLowerCase());
  const isMeant = ({ id, name }: KnownServer): boolean => begins(name) || (start.length >= idStart && begins(id));
  switch (wanted.kind) {
    case 'words':
      return wanted.words.filter(({ word }) => word.startsWith(start));
    case 'server':
      return (await servers()).filter(isMeant).map(asServer);
    case 'origin':
      return (await servers()).filter(isMeant).map(asOrigin);
    case 'topic': {
      const all = await servers();
      const named = all.filter(({ name }) => name.toLowerCase() === wanted.server?.toLowerCase());
      const topics = new Set((named.length > 0 ? named : all).flatMap((server) => server.topics));
      return [...topics]
        .filter(begins)
        .sort()
        .map((word) => ({ word, about: '' }));
    }
    case 'file':
    case 'text':
      return [];
  }
}

/**
 * Names are chosen by strangers, and a shell obeys some characters: a name of others than these is offered as the start of
 * its id, which means the same community.
 */
const harmless = /^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u;

function asServer({ id, name }: KnownServer): Candidate {
  return harmless.test(name) ? { word: name, about: id.slice(0, 12) } : { word: id.slice(0, 12), about: name };
}

function asOrigin({ id, name }: KnownServer): Candidate {
  return { word: id, about: name };
}
