/** A piece of an HTML document: its text (entities and all), or a tag. */
export type Token =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'open' | 'close'; readonly name: string; readonly attributes: string };

const tagName = /<(\/?)([a-z][a-z0-9-]*)/iy;
/** What stands in these is not for readers. */
const unread = new Set(['script', 'style', 'title', 'template', 'noscript', 'textarea', 'select', 'svg', 'math']);

/**
 * The tags and texts of a document, as forgiving as a browser: nothing is refused, and each character is looked at a bounded
 * number of times, so that no document takes longer than its size says. Comments, declarations and scripts are left out.
 */
export function* tokens(html: string): Generator<Token> {
  let at = 0;
  while (at < html.length) {
    const next = html.indexOf('<', at);
    if (next === -1) break;
    if (next > at) yield { type: 'text', text: html.slice(at, next) };
    tagName.lastIndex = next;
    const [start = '', slash = '', found = ''] = tagName.exec(html) ?? [];
    if (start !== '') {
      const end = tagEnd(html, next + start.length);
      // A tag without an end: nor has any tag after it one.
      if (end === -1) return yield { type: 'text', text: html.slice(next) };
      const name = found.toLowerCase();
      yield { type: slash ? 'close' : 'open', name, attributes: html.slice(next + start.length, end) };
      at = !slash && unread.has(name) ? afterElement(html, name, end + 1) : end + 1;
    } else if (html.startsWith('<!--', next)) {
      at = after(html, '-->', next + 4);
    } else if (html[next + 1] === '!' || html[next + 1] === '?') {
      at = after(html, '>', next);
    } else {
      yield { type: 'text', text: '<' };
      at = next + 1;
    }
  }
  if (at < html.length) yield { type: 'text', text: html.slice(at) };
}

/** Where the `>` is that is in no quotes; -1 where there is none. */
function tagEnd(html: string, from: number): number {
  for (let at = from; at < html.length; at += 1) {
    const character = html[at];
    if (character === '>') return at;
    if (character !== '"' && character !== "'") continue;
    const close = html.indexOf(character, at + 1);
    if (close === -1) return html.indexOf('>', at);
    at = close;
  }
  return -1;
}

function after(html: string, end: string, from: number): number {
  const at = html.indexOf(end, from);
  return at === -1 ? html.length : at + end.length;
}

function afterElement(html: string, name: string, from: number): number {
  const end = new RegExp(`</${name}`, 'gi');
  end.lastIndex = from;
  return end.exec(html)?.index ?? html.length;
}
