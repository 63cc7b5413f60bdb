/** Quotes and lists deeper than this are shown as deep as this: each level costs room on every line. */
const deepest = 8;

/** Text that grows by blocks and lines, with what stands before each line. */
export class TextLines {
  private readonly lines: string[] = [];
  /** Of the line that grows; kept apart, so that a link on a long line does not copy it. */
  private pieces: string[] = [];
  /** What stands before the next line in place of the indent at `bulletAt`. */
  private bullet = '';
  private bulletAt = 0;
  private readonly indents: string[] = [];
  private readonly lists: { readonly ordered: boolean; count: number; inItem: boolean }[] = [];
  /** Where in the line its link begins. */
  private mark: number | undefined;
  private code = 0;
  /** An empty line is due, as deep as this at most: that before a quote is not in the quote. */
  private gapDepth: number | undefined;

  /** Adds running text; its white space is one space, save in code. */
  add(text: string): void {
    if (this.code > 0) this.addCode(text);
    else this.addWords(text.replace(/\s+/g, ' '));
  }

  /** What comes next stands on a line of its own. */
  breakLine(): void {
    const line = this.pieces.join('');
    this.pieces = [];
    this.mark = undefined;
    const kept = this.code > 0 ? line : line.trim();
    if (kept !== '') this.put(kept);
  }

  /** The same; `apart`: after an empty line. */
  startBlock(apart: boolean): void {
    this.breakLine();
    if (apart && this.bullet === '') this.gapDepth = Math.min(this.gapDepth ?? deepest, this.indents.length);
  }

  indent(before: string): void {
    this.indents.push(before);
  }

  outdent(): void {
    this.indents.pop();
  }

  startList(ordered: boolean): void {
    // A list inside a list follows its item closely.
    if (this.lists.length > 0) this.gapDepth = undefined;
    this.lists.push({ ordered, count: 0, inItem: false });
  }

  startItem(): void {
    const list = this.lists.at(-1);
    if (!list) {
      this.add('- ');
      return;
    }
    if (list.inItem) this.outdent();
    list.count += 1;
    list.inItem = true;
    this.bullet = list.ordered ? `${list.count}. ` : '- ';
    this.bulletAt = this.indents.length;
    this.indent(' '.repeat(this.bullet.length));
  }

  endList(): void {
    if (this.lists.pop()?.inItem) this.outdent();
    if (this.lists.length > 0) this.gapDepth = undefined;
  }

  startCode(): void {
    if (this.code === 0) this.put('```');
    this.code += 1;
  }

  endCode(): void {
    if (this.code === 0) return;
    this.breakLine();
    this.code -= 1;
    if (this.code === 0) this.put('```');
  }

  startLink(): void {
    this.mark = this.pieces.length;
  }

  /** What has come since the link began leads to `href`, unless it is nothing, or more than a line, or says so itself. */
  endLink(href: string): void {
    if (this.mark === undefined || this.code > 0) return;
    const text = this.pieces.splice(this.mark).join('');
    this.mark = undefined;
    const words = text.trim();
    const isLink = words !== '' && words !== href && `mailto:${words}` !== href;
    const before = text.startsWith(' ') ? ' ' : '';
    this.pieces.push(isLink ? `${before}[${words.replace(/[[\]]/g, '')}](${href})` : text);
  }

  /** All of it. */
  end(): string {
    while (this.code > 0) this.endCode();
    this.breakLine();
    return this.lines.join('\n').trim();
  }

  private addWords(words: string): void {
    const last = this.pieces.at(-1);
    const fresh = last === undefined || last.endsWith(' ') ? words.trimStart() : words;
    if (fresh !== '') this.pieces.push(fresh);
  }

  private addCode(text: string): void {
    const [first = '', ...others] = text.replace(/\r\n?/g, '\n').split('\n');
    this.pieces.push(first);
    for (const other of others) {
      this.put(this.pieces.join(''));
      this.pieces = [other];
    }
  }

  private put(line: string): void {
    const before = this.indents.slice(-deepest);
    if (this.gapDepth !== undefined && this.lines.length > 0)
      this.lines.push(before.slice(0, this.gapDepth).join('').trimEnd());
    this.gapDepth = undefined;
    const at = this.bulletAt - (this.indents.length - before.length);
    if (this.bullet !== '' && at >= 0) before[at] = this.bullet;
    this.bullet = '';
    this.lines.push(`${before.join('')}${line}`.trimEnd());
  }
}
