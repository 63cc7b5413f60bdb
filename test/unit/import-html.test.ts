import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { htmlToLine, htmlToText } from '../../src/cli/import/html/to-text.js';

describe('HTML as text', () => {
  it.each([
    [
      '<p>Hello <b>big</b>\n world &amp; &lt;co&gt;.</p><p>Second<br>line</p>',
      'Hello big world & <co>.\n\nSecond\nline',
    ],
    ['<h2>Head</h2>text', '## Head\n\ntext'],
    ['<ul><li>one<li>two<ul><li>in</ul><li><p>three</p></ul>', '- one\n- two\n  - in\n- three'],
    ['<ol><li>a</li><li>b</li></ol>after', '1. a\n2. b\n\nafter'],
    ['<blockquote><p>a</p><p>b</p></blockquote>c', '> a\n>\n> b\n\nc'],
    ['<pre>x = 1\n  y</pre>', '```\nx = 1\n  y\n```'],
    ['<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>', 'a b\nc'],
    ['<a href="https://e.org/a(b)">the <i>page</i></a>', '[the page](https://e.org/a%28b%29)'],
    ['<a href="https://e.org">https://e.org</a> <a href="mailto:a@b.c">a@b.c</a>', 'https://e.org a@b.c'],
    [
      '<img src="https://e.org/cat.png" alt="a cat"> <img src="https://e.org/pixel.gif">',
      '![a cat](https://e.org/cat.png)',
    ],
    ['1 < 2 <3 a<b', '1 < 2 <3 a<b'],
    ['<p title="a>b">t</p><!-- no -->', 't'],
    ['&#x1F600; &bogus; &eacute;', '😀 &bogus; é'],
  ])('%s', (html, text) => expect(htmlToText(html)).toBe(text));

  it.each([
    ['<script>alert("</p>")</script>safe', 'safe'],
    ['<a href="javascript:alert(1)">click</a>', 'click'],
    ['<a href=" data:text/html,x">click</a>', 'click'],
    ['<img alt="x" src="javascript:alert(1)">', 'x'],
    ['<style>p { color: red }</style><svg><text>no</text></svg>yes', 'yes'],
  ])('nothing of a script is left: %s', (html, text) => expect(htmlToText(html)).toBe(text));

  it('a title is one line', () => expect(htmlToLine('A &amp; <i>B</i>\n AT&T <3')).toBe('A & B AT&T <3'));

  it('no text is lost, and none is made up', () => {
    const word = fc.stringMatching(/^[a-z]{1,8}$/);
    const tag = fc.constantFrom('p', 'div', 'b', 'li', 'ul', 'blockquote', 'h1', 'td', 'a', 'span', 'pre');
    const piece = fc.oneof(
      word.map((text) => ({ text, html: `${text} ` })),
      tag.map((name) => ({ text: '', html: `<${name}>` })),
      tag.map((name) => ({ text: '', html: `</${name}>` })),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const wanted = pieces.map(({ text }) => text).filter((text) => text !== '');
        const found = htmlToText(pieces.map(({ html }) => html).join('')).match(/[a-z]+/g) ?? [];
        expect(found).toEqual(wanted);
      }),
    );
  });

  it.each([
    '<',
    '<a ',
    '<a "',
    '<a href=http://a>b</a>',
    '<a href=http://a>b',
    '<blockquote>x',
    '<ul><li>x',
    '<!--',
    '<script>',
    '</script',
    '&amp',
    ' x',
    '<pre>\n',
    '<img alt=',
    '<p ',
  ])(
    'takes a time that follows its size: %j many times over',
    (piece) => {
      const seconds = (times: number): number => {
        const start = performance.now();
        htmlToText(piece.repeat(times));
        return (performance.now() - start) / 1000;
      };
      // Billions of steps, were each piece compared with each other one.
      expect(seconds(50_000)).toBeLessThan(20);
    },
    60_000,
  );
});
