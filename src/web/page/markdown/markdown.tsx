import MarkdownIt, { type Token } from 'markdown-it';
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { leaf, type Piece, wrap } from './pieces.js';

/** HTML stays text: nothing of a body is ever parsed as HTML, by the parser of Markdown or by the browser. */
const parser = new MarkdownIt({ html: false, linkify: true, breaks: false });

interface MarkdownProps {
  readonly text: string;
  /** The level of its highest heading: one below what it stands under. */
  readonly top: number;
}

/** A body as its author meant it. */
export function Markdown({ text, top }: MarkdownProps) {
  const drawn = useMemo(() => draw(inOrder(parser.parse(text, {}).map(toPiece), top)), [text, top]);
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

/** Headings as an outline in which no level is left out, whatever marks their author chose. */
function inOrder(pieces: readonly Piece[], top: number): readonly Piece[] {
  const above: string[] = [];
  return pieces.map((piece) => {
    if (piece.type !== 'heading_open' && piece.type !== 'heading_close') return piece;
    if (piece.nesting === 1) {
      while ((above.at(-1) ?? '') >= piece.tag) above.pop();
      above.push(piece.tag);
    }
    return { ...piece, tag: `h${Math.min(6, top + above.length - 1)}` };
  });
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
