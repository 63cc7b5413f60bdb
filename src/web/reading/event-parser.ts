/** One event of an event stream, as the standard cuts it (WHATWG HTML, section 9.2.6). */
export interface StreamEvent {
  /** The last id that was seen, with this event or before it; '' for none. */
  readonly id: string;
  readonly type: string;
  readonly data: string;
}

/** Cuts an event stream into events; a chunk may end anywhere. */
export class EventParser {
  private rest = '';
  private id = '';
  private type = '';
  private data: string[] = [];

  /** @returns the events that are complete with this chunk. */
  read(chunk: string): StreamEvent[] {
    const lines = (this.rest + chunk).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? '';
    return lines.flatMap((line) => this.line(line));
  }

  private line(line: string): StreamEvent[] {
    if (line === '') return this.dispatch();
    const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (field === 'event') this.type = value;
    else if (field === 'data') this.data.push(value);
    else if (field === 'id' && !value.includes('\0')) this.id = value;
    return [];
  }

  private dispatch(): StreamEvent[] {
    const event = { id: this.id, type: this.type || 'message', data: this.data.join('\n') };
    const isWhole = this.data.length > 0;
    this.type = '';
    this.data = [];
    return isWhole ? [event] : [];
  }
}
