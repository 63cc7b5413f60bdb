import { parseAddress } from '../core/address.js';
import { invalid, MootError } from '../core/errors.js';
import { fromId } from '../core/ids.js';
import { parseName } from '../core/name.js';
import type { ListedServer, ServerEntry, ServerWord, SignedServerEntry } from '../core/server-entry.js';
import { parseTopic } from '../core/topic.js';
import { originOf } from '../identity/hash.js';
import { type Identity, isSignedBy } from '../identity/keys.js';
import { rotationsOf } from '../identity/rotate-key.js';
import { idList, required, shortText, toBuffer, toDateMs, toNumber } from './check.js';
import { fromWireHead, toWireHead } from './convert-seal.js';
import {
  ServerEntry as WireEntry,
  type ListedServer as WireListed,
  type SignedServerEntry as WireSigned,
} from './gen/moot/v1/registry.js';

const mark = Buffer.from('moot/server-entry/v1');
const most = { addresses: 32, topics: 256, links: 8192, entryBytes: 512 * 1024 };

/** What a server says of itself, signed with its key. */
export function signServerEntry(identity: Identity, entry: ServerWord): SignedServerEntry {
  const bytes = WireEntry.encode({
    id: entry.id,
    counter: BigInt(entry.counter),
    name: entry.name,
    addresses: [...entry.addresses],
    topics: [...entry.topics],
    articles: BigInt(entry.articles),
    members: BigInt(entry.members),
    links: [...entry.links],
    head: entry.head && toWireHead(entry.head),
    admission: entry.admission,
    peering: entry.peering,
    readable: entry.readable,
  }).finish();
  return { entry: bytes, publicKey: identity.publicKey, signature: identity.sign(Buffer.concat([mark, bytes])) };
}

/**
 * What it says, once it is certain who says it. Its head, if it has one, is of the form of a head; `isHeadValid` checks it.
 * @throws MootError `damaged` unless the server whose id it bears signed it, `invalid` naming a field that breaks a limit.
 */
export function openServerEntry(signed: SignedServerEntry): ServerEntry {
  if (signed.entry.length > most.entryBytes) throw invalid('server', `the entry has ${signed.entry.length} bytes`);
  if (!isSignedBy(signed.publicKey, Buffer.concat([mark, signed.entry]), signed.signature))
    throw new MootError('damaged', 'a server entry was not signed by the key it names');
  const entry = readEntry(signed.entry);
  if (originOf(signed.publicKey) !== entry.id)
    throw new MootError('damaged', 'a server entry was signed by another server than it is about');
  if (entry.addresses.length > most.addresses || entry.topics.length > most.topics)
    throw invalid('server', `the entry has over ${most.addresses} addresses or ${most.topics} topics`);
  for (const address of entry.addresses) parseAddress(address, 'addresses');
  for (const topic of entry.topics) parseTopic(topic, 'topics');
  return {
    id: entry.id,
    counter: toNumber(entry.counter, 'counter'),
    rotations: rotationsOf(signed.publicKey).length,
    name: parseName(entry.name),
    addresses: entry.addresses,
    topics: entry.topics,
    articles: toNumber(entry.articles, 'articles'),
    members: toNumber(entry.members, 'members'),
    links: idList(entry.links, 'links', most.links),
    head: entry.head && fromWireHead(entry.head),
    admission: shortText(entry.admission, 'admission', 32),
    peering: shortText(entry.peering, 'peering', 32),
    readable: shortText(entry.readable, 'readable', 32),
  };
}

function readEntry(bytes: Uint8Array): WireEntry {
  try {
    const entry = WireEntry.decode(bytes);
    fromId(entry.id);
    return entry;
  } catch (cause) {
    throw new MootError('damaged', 'a server entry cannot be read', { cause });
  }
}

export function toWireSignedEntry({ entry, publicKey, signature }: SignedServerEntry): WireSigned {
  return { entry: toBuffer(entry), publicKey: toBuffer(publicKey), signature: toBuffer(signature) };
}

/** As it came; `openServerEntry` says what it is worth. @throws MootError `invalid` when it is missing. */
export function fromWireSignedEntry(signed: WireSigned | undefined): SignedServerEntry {
  const { entry, publicKey, signature } = required(signed, 'server');
  return { entry, publicKey, signature };
}

export function toWireListed({ signed, renewedAtMs, expiresAtMs }: ListedServer): WireListed {
  return {
    server: toWireSignedEntry(signed),
    renewedAtMs: BigInt(Math.round(renewedAtMs)),
    expiresAtMs: BigInt(Math.round(expiresAtMs)),
  };
}

/** Opened and checked: a registry is not believed. @throws MootError `damaged` or `invalid`. */
export function fromWireListed(listed: WireListed): ListedServer {
  const signed = fromWireSignedEntry(listed.server);
  return {
    entry: openServerEntry(signed),
    signed,
    renewedAtMs: toDateMs(listed.renewedAtMs, 'renewedAt'),
    expiresAtMs: toDateMs(listed.expiresAtMs, 'expiresAt'),
  };
}
