/** What XML 1.0 cannot hold, however it is written (section 2.2), and halves of characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const unspeakable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** Text that any XML document can hold. */
export function clean(text: string): string {
  return text.toWellFormed().replace(unspeakable, '\ufffd');
}

/** Text as HTML: nothing in it is a tag. */
export function toHtml(text: string): string {
  return clean(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** Paragraphs and lines as they were written. */
export function toHtmlLines(text: string): string {
  return toHtml(text)
    .split(/(?:\r?\n){2,}/)
    .map((part) => `<p>${part.replace(/\r?\n/g, '<br>')}</p>`)
    .join('');
}

const excerptCharacters = 80;

/** The title, or how the text begins. */
export function titleOf(title: string | null, body: string): string {
  const text = title ?? body.trim().split(/\r?\n/, 1)[0] ?? '';
  const characters = [...clean(text)];
  if (title !== null || characters.length <= excerptCharacters) return characters.join('');
  return `${characters.slice(0, excerptCharacters - 1).join('')}…`;
}
