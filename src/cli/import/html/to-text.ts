import { decodeHTML, decodeHTMLAttribute } from 'entities';
import { TextLines } from './text-lines.js';
import { tokens } from './tokens.js';

const blocks = new Set(
  'address article aside blockquote center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tr ul'.split(
    ' ',
  ),
);
/** Blocks that follow each other without an empty line. */
const followClosely = new Set(['dd', 'div', 'dt', 'li', 'tr']);

/**
 * HTML as text that people can read, and Markdown readers too: paragraphs, headings, lists, quotes, code, links (http, https,
 * mailto) and pictures that have a text. What is only looks is dropped, and so is what a script would do.
 */
export function htmlToText(html: string): string {
  const text = new TextLines();
  let href = '';
  for (const token of tokens(html)) {
    if (token.type === 'text') text.add(decodeHTML(token.text));
    else if (token.name === 'a') link(token.type, token.attributes);
    else if (token.type === 'open') open(token.name, token.attributes);
    else shut(token.name);
  }
  return text.end();

  function link(type: 'open' | 'close', attributes: string): void {
    if (href !== '') text.endLink(href);
    href = type === 'open' ? safeAddress(attribute(attributes, 'href')) : '';
    if (href !== '') text.startLink();
  }

  function open(name: string, attributes: string): void {
    if (blocks.has(name)) text.startBlock(!followClosely.has(name));
    if (name === 'br') text.breakLine();
    else if (name === 'td' || name === 'th') text.add(' ');
    else if (name === 'img') picture(attributes);
    else if (name === 'hr') text.add('---');
    else if (name === 'pre') text.startCode();
    else if (name === 'blockquote') text.indent('> ');
    else if (name === 'ul' || name === 'ol') text.startList(name === 'ol');
    else if (name === 'li') text.startItem();
    else if (/^h[1-6]$/.test(name)) text.add(`${'#'.repeat(Number(name[1]))} `);
  }

  function shut(name: string): void {
    if (name === 'pre') text.endCode();
    if (blocks.has(name)) text.startBlock(!followClosely.has(name));
    if (name === 'blockquote') text.outdent();
    if (name === 'ul' || name === 'ol') text.endList();
  }

  function picture(attributes: string): void {
    const words = attribute(attributes, 'alt').trim();
    const source = safeAddress(attribute(attributes, 'src'));
    if (words !== '') text.add(source === '' || href !== '' ? words : `![${words}](${source})`);
  }
}

/** The same on one line: a title. */
export function htmlToLine(html: string): string {
  const pieces: string[] = [];
  for (const token of tokens(html)) if (token.type === 'text') pieces.push(decodeHTML(token.text));
  return pieces.join('').replace(/\s+/g, ' ').trim();
}

function attribute(attributes: string, name: string): string {
  const form = /(?:^|[\s"'/])([a-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi;
  for (const [, found = '', double, single, bare] of attributes.matchAll(form))
    if (found.toLowerCase() === name) return decodeHTMLAttribute(double ?? single ?? bare ?? '');
  return '';
}

/** '' for what is no address of the web or of a person; a Markdown reader must find its end. */
function safeAddress(address: string): string {
  const trimmed = address.trim();
  if (!/^(?:https?:\/\/|mailto:)/i.test(trimmed) || /\s/.test(trimmed)) return '';
  return trimmed.replaceAll('(', '%28').replaceAll(')', '%29');
}
