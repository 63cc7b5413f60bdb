import stringWidth from 'string-width';

const segments = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** At most `columns` columns of a terminal, with an ellipsis where something was cut off. */
export function cutTo(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  let kept = '';
  let width = 0;
  for (const { segment } of segments.segment(text)) {
    width += stringWidth(segment);
    if (width > columns - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

export function padTo(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - stringWidth(text)));
}
