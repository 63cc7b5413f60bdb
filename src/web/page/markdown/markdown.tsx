import MarkdownIt, { type Token } from 'markdown-it';
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { leaf, type Piece, wrap } from './pieces.js';

/** HTML stays text: nothing of a body is ever parsed as HTML, by the parser of Markdown or by the browser. */
const parser = new MarkdownIt({ html: false, linkify: true, breaks: false });

/** A body as its author meant it. Its headings stand below the title of the article. */
export function Markdown({ text }: { readonly text: string }) {
  const drawn = useMemo(() => draw(parser.parse(text, {}).map(toPiece)), [text]);
  return (
    <div class="prose" dir="auto">
      {drawn}
    </div>
  );
}

function toPiece({ type, tag, nesting, content, attrs, hidden, children }: Token): Piece {
  return {
    type,
    tag,
    nesting,
    content,
    hidden,
    attributes: new Map(attrs?.map(([name, value]) => [name, String(value)])),
    children: children?.map(toPiece) ?? [],
  };
}

/** The tree that a row of opening and closing pieces spells. */
function draw(pieces: readonly Piece[]): ComponentChildren[] {
  const open: { readonly piece: Piece; readonly inside: ComponentChildren[] }[] = [];
  let inside: ComponentChildren[] = [];
  for (const piece of pieces) {
    if (piece.nesting === 1) {
      open.push({ piece, inside });
      inside = [];
    } else if (piece.nesting === -1) {
      const opened = open.pop();
      if (!opened) continue;
      opened.inside.push(wrap(opened.piece, inside));
      inside = opened.inside;
    } else if (piece.type === 'inline') inside.push(...draw(piece.children));
    else inside.push(leaf(piece));
  }
  return inside;
}
