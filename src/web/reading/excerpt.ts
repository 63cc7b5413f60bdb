const most = 320;

/** The beginning of a body without the marks of Markdown, on one line: for lists, not for reading. */
export function excerpt(body: string): string {
  const text = body
    .slice(0, 4 * most)
    .replace(/^\s*(```|~~~).*$/gm, ' ')
    .replace(/!\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/^\s{0,3}(#{1,6}|>|[-*+]|\d+[.)])\s+/gm, '')
    .replace(/(\*\*|__|`|~~)/g, '')
    .replace(/(?<![\w*])[*_](?=\S)([^*_]+)[*_](?![\w*])/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
  if (text.length <= most) return text;
  return `${text.slice(0, text.lastIndexOf(' ', most) || most)}…`;
}
