import { extname } from 'node:path';

export const formats = ['ndjson', 'feed', 'mbox'] as const;
export type Format = (typeof formats)[number];

/** What the end of a name says; the others (.json, .txt, none) say nothing. */
const byExtension: Readonly<Record<string, Format>> = {
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.rss': 'feed',
  '.atom': 'feed',
  '.rdf': 'feed',
  '.xml': 'feed',
  '.mbox': 'mbox',
  '.mbx': 'mbox',
};

/** So much of a file is looked at to see what it is. */
export const headBytes = 4096;

/** What a file is: by the end of its name, else by how it begins. What cannot be told is NDJSON, whose lines then say what is wrong. */
export function formatOf(name: string, head: Uint8Array): Format {
  return byExtension[extname(name).toLowerCase()] ?? byBeginning(head);
}

function byBeginning(head: Uint8Array): Format {
  // Only ASCII is looked for; in UTF-16 each second byte is zero.
  const text = Buffer.from(head)
    .toString('latin1')
    .replaceAll('\0', '')
    .replace(/^[^\x21-\x7e]+|^ï»¿\s*/, '');
  if (text.startsWith('From ')) return 'mbox';
  const [first = ''] = text;
  return first === '<' || (first === '{' && text.includes('jsonfeed.org/version/')) ? 'feed' : 'ndjson';
}
