import { readFileSync } from 'node:fs';
import { formatOf } from '../../src/cli/import/format.js';
import { importItems } from '../../src/cli/import/items.js';
import type { PublishItem } from '../../src/client/index.js';

export async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

interface Imported {
  readonly items: readonly (PublishItem & { readonly place: string })[];
  /** With the place. */
  readonly refused: readonly string[];
}

/** What an import would publish, and what it would refuse by itself. */
export async function imported(
  name: string,
  content: Uint8Array | AsyncIterable<Uint8Array>,
  topics = { given: 'news' as string | undefined, fromCategory: false },
  pieces = 5,
): Promise<Imported> {
  const open = (): AsyncIterable<Uint8Array> => (content instanceof Uint8Array ? inPieces(content, pieces) : content);
  const format = formatOf(name, content instanceof Uint8Array ? content : Buffer.alloc(0));
  const given: string[] = [];
  const refused: string[] = [];
  const items: PublishItem[] = [];
  const events = {
    given: (place: string) => given.push(place),
    refused: (place: string, { message }: Error) => void refused.push(`${place}: ${message}`),
    read: () => undefined,
  };
  const bytes = content instanceof Uint8Array ? content.length : undefined;
  for await (const item of importItems([{ name, bytes, format, open }], topics, events)) items.push(item);
  return { items: items.map((item, at) => ({ ...item, place: given[at] ?? '' })), refused };
}

/** The same of a file in test/fixtures/import. */
export function importedFixture(name: string, topics?: Parameters<typeof imported>[2]): Promise<Imported> {
  return imported(name, readFileSync(`test/fixtures/import/${name}`), topics, 1000);
}
