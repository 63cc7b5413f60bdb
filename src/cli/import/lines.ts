export interface Line {
  /** 1 for the first. */
  readonly number: number;
  /** undefined: the line is longer than `lineBytes`, and is passed over. */
  readonly bytes: Uint8Array | undefined;
}

/** A body of 256 KiB, each of its characters written as \uXXXX, and room for the rest. */
export const lineBytes = 2 * 1024 * 1024;
const newline = 10;

/** The lines of a stream, without their ends, holding no more than one of them. */
export async function* lines(source: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let number = 1;
  let held: Uint8Array[] = [];
  let size = 0;
  const take = (): Line => {
    const line = { number, bytes: size > lineBytes ? undefined : Buffer.concat(held) };
    number += 1;
    held = [];
    size = 0;
    return line;
  };
  for await (const chunk of source) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      hold(chunk.subarray(start, end));
      yield take();
      start = end + 1;
    }
    hold(chunk.subarray(start));
  }
  if (size > 0) yield take();

  function hold(part: Uint8Array): void {
    size += part.length;
    if (size > lineBytes) held = [];
    else if (part.length > 0) held.push(part);
  }
}
