/** A title or a name on one line; undefined where nothing is left. */
export function lineOf(text: string | undefined): string | undefined {
  return text?.replace(/\s+/g, ' ').trim() || undefined;
}
