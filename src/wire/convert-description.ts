import type { Head } from '../core/entry.js';
import { fromId } from '../core/ids.js';
import { publicKeyIn, shortText, toBuffer, toNumber } from './check.js';
import { fromWireHead, toWireHead } from './convert-seal.js';
import type { DescribeResponse } from './gen/moot/v1/community.js';

/** What a community says of itself to anyone who asks it. */
export interface CommunityDescription {
  readonly id: string;
  readonly name: string;
  readonly publicKey: Uint8Array;
  /** The topics it takes; an empty list takes all. */
  readonly topics: readonly string[];
  readonly articles: number;
  readonly members: number;
  readonly head: Head | undefined;
  readonly admission: string;
  readonly peering: string;
  readonly readable: string;
}

export function toWireDescription(said: CommunityDescription): DescribeResponse {
  return {
    id: said.id,
    name: said.name,
    publicKey: toBuffer(said.publicKey),
    topics: [...said.topics],
    articles: BigInt(said.articles),
    members: BigInt(said.members),
    head: said.head && toWireHead(said.head),
    admission: said.admission,
    peering: said.peering,
    readable: said.readable,
    version: '1',
  };
}

/** @throws MootError `invalid` naming a field that is out of its form. */
export function fromWireDescription(said: DescribeResponse): CommunityDescription {
  fromId(said.id);
  return {
    id: said.id,
    name: shortText(said.name, 'name', 256),
    publicKey: publicKeyIn(said.publicKey),
    topics: said.topics,
    articles: toNumber(said.articles, 'articles'),
    members: toNumber(said.members, 'members'),
    head: said.head && fromWireHead(said.head),
    admission: shortText(said.admission, 'admission', 32),
    peering: shortText(said.peering, 'peering', 32),
    readable: shortText(said.readable, 'readable', 32),
  };
}
