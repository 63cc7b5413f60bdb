/** What a person sees on a terminal of so many columns after `raw` was written to it: its lines, without spaces at their ends. */
export function screenOf(raw: string, columns: number): readonly string[] {
  const rows: string[][] = [[]];
  let row = 0;
  let column = 0;
  let saved = { row, column };
  const line = (): string[] => {
    while (rows.length <= row) rows.push([]);
    return rows[row] ?? [];
  };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a terminal obeys
  for (const [part, count = '', letter = ''] of raw.matchAll(/\u001b\[\??([\d;]*)([A-Za-z])|\u001b[78]|[\s\S]/gu)) {
    const by = Number(count || 1);
    if (part === '\u001b7') saved = { row, column };
    else if (part === '\u001b8') ({ row, column } = saved);
    else if (letter === 'A') row = Math.max(0, row - by);
    else if (letter === 'B') row += by;
    else if (letter === 'C') column += by;
    else if (letter === 'D') column = Math.max(0, column - by);
    else if (letter === 'G') column = by - 1;
    else if (letter === 'H') {
      row = 0;
      column = 0;
    } else if (count === '1049') {
      rows.length = 0;
      row = 0;
      column = 0;
    } else if (letter === 'K') line().length = count === '2' ? 0 : Math.min(line().length, column);
    else if (letter === 'J') {
      line().length = Math.min(line().length, column);
      rows.length = row + 1;
    } else if (letter !== '') continue;
    else if (part === '\n') row += 1;
    else if (part === '\r') column = 0;
    else if (part >= ' ') {
      if (column >= columns) {
        row += 1;
        column = 0;
      }
      const cells = line();
      while (cells.length < column) cells.push(' ');
      cells[column] = part;
      column += 1;
    }
  }
  return rows.map((cells) => cells.join('').trimEnd());
}
