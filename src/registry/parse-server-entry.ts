import { parseAddress } from '../core/address.js';
import { invalid } from '../core/errors.js';
import { fromId } from '../core/ids.js';
import { parseName } from '../core/name.js';
import type { ServerEntry, SignedServerEntry } from '../core/server-entry.js';
import { parseTopic } from '../core/topic.js';
import { isHeadValid } from '../identity/seal.js';

/** What one entry may hold. The size bounds what a listing costs; the counts keep one entry from filling it with one list. */
const entryLimits = {
  bytes: 256 * 1024,
  addresses: 16,
  topics: 256,
  links: 4096,
  wordCharacters: 64,
} as const;

/** @throws MootError `invalid` naming the field, unless a server may be listed as `entry` says. */
export function parseServerEntry(entry: ServerEntry, signed: SignedServerEntry): ServerEntry {
  parseEnvelope(entry, signed);
  parseName(entry.name);
  if (entry.addresses.length === 0)
    throw invalid('addresses', 'addresses holds none, so nobody could reach the server');
  for (const address of entry.addresses) parseReachable(address);
  for (const topic of entry.topics) parseTopic(topic, 'topics');
  for (const link of entry.links) fromId(link, 'links');
  for (const field of ['admission', 'peering', 'readable'] as const) parseWord(field, entry[field]);
  if (entry.head && (entry.head.origin !== entry.id || !isHeadValid(entry.head)))
    throw invalid('head', 'head is not signed by the server it is about');
  return entry;
}

/**
 * An entry that takes its server off the list has no addresses. So nobody can use a listed entry, which everyone may read,
 * to take its server off another registry.
 * @throws MootError `invalid` naming the field.
 */
export function parseFarewell(entry: ServerEntry, signed: SignedServerEntry): ServerEntry {
  parseEnvelope(entry, signed);
  if (entry.addresses.length > 0)
    throw invalid('addresses', 'addresses must be empty in an entry that takes its server off');
  return entry;
}

function parseEnvelope(entry: ServerEntry, signed: SignedServerEntry): void {
  const size = signed.entry.length;
  if (size > entryLimits.bytes) throw invalid('server', `server has ${size} bytes; the limit is ${entryLimits.bytes}`);
  fromId(entry.id);
  if (!Number.isSafeInteger(entry.counter) || entry.counter < 1)
    throw invalid('counter', 'counter is not a whole number from 1 to 2^53 - 1');
  for (const field of ['addresses', 'topics', 'links'] as const)
    if (entry[field].length > entryLimits[field])
      throw invalid(field, `${field} has ${entry[field].length} values; the limit is ${entryLimits[field]}`);
}

function parseReachable(address: string): void {
  if (parseAddress(address, 'addresses').port === 0)
    throw invalid('addresses', `addresses "${address}" has port 0, which nobody can call`);
}

function parseWord(field: string, word: string): void {
  if (word.length > entryLimits.wordCharacters || !/^[a-z-]*$/.test(word))
    throw invalid(field, `${field} is not a word of a-z, at most ${entryLimits.wordCharacters} characters`);
}
