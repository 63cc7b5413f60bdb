import type { ComponentChildren } from 'preact';
import { linkAddress } from '../../reading/safe-address.js';
import { Picture } from './picture.js';

/** What is used of a token of Markdown. */
export interface Piece {
  readonly type: string;
  readonly tag: string;
  readonly nesting: number;
  readonly content: string;
  /** A paragraph of a list without empty lines: what is in it stands without it. */
  readonly hidden: boolean;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly Piece[];
}

/** What stands by itself. What is not known is shown as the text it is. */
export function leaf({ type, content, attributes, children }: Piece): ComponentChildren {
  switch (type) {
    case 'softbreak':
      return ' ';
    case 'hardbreak':
      return <br />;
    case 'hr':
      return <hr />;
    case 'code_inline':
      return <code>{content}</code>;
    case 'fence':
    case 'code_block':
      return (
        // Who has no pointer scrolls a long line with the keys.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by keyboard (WCAG 2.1.1)
        <pre tabIndex={0}>
          <code>{content}</code>
        </pre>
      );
    case 'image':
      return <Picture address={attributes.get('src') ?? ''} says={children.map(({ content }) => content).join('')} />;
    default:
      return content;
  }
}

/** What holds other pieces. */
export function wrap(piece: Piece, inside: ComponentChildren): ComponentChildren {
  const { tag, attributes } = piece;
  switch (tag) {
    case 'p':
      return piece.hidden ? inside : <p>{inside}</p>;
    case 'h2':
      return <h2>{inside}</h2>;
    case 'h3':
      return <h3>{inside}</h3>;
    case 'h4':
      return <h4>{inside}</h4>;
    case 'h5':
    case 'h6':
      return <h5>{inside}</h5>;
    case 'a':
      return link(attributes.get('href') ?? '', inside);
    case 'ol':
      return <ol start={Number(attributes.get('start') ?? 1)}>{inside}</ol>;
    case 'table':
      return (
        <div class="wide">
          <table>{inside}</table>
        </div>
      );
    case 'th':
      return <th class={alignment(attributes)}>{inside}</th>;
    case 'td':
      return <td class={alignment(attributes)}>{inside}</td>;
    default:
      return plain(tag, inside);
  }
}

function plain(tag: string, inside: ComponentChildren): ComponentChildren {
  switch (tag) {
    case 'ul':
      return <ul>{inside}</ul>;
    case 'li':
      return <li>{inside}</li>;
    case 'blockquote':
      return <blockquote>{inside}</blockquote>;
    case 'thead':
      return <thead>{inside}</thead>;
    case 'tbody':
      return <tbody>{inside}</tbody>;
    case 'tr':
      return <tr>{inside}</tr>;
    case 'em':
      return <em>{inside}</em>;
    case 'strong':
      return <strong>{inside}</strong>;
    case 's':
      return <s>{inside}</s>;
    default:
      return inside;
  }
}

function link(text: string, inside: ComponentChildren): ComponentChildren {
  const href = linkAddress(text);
  if (href === undefined) return <span class="no-link">{inside}</span>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow ugc">
      {inside}
    </a>
  );
}

function alignment(attributes: ReadonlyMap<string, string>): string | undefined {
  return /text-align:\s*(right|center)/.exec(attributes.get('style') ?? '')?.[1];
}
