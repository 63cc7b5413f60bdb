import { readFile } from 'node:fs/promises';
import { replaceFile } from '../../client/replace-file.js';
import { parseCursor } from '../../core/cursor.js';
import { MootError, systemCode } from '../../core/errors.js';
import { systemReason } from '../system-reason.js';
import { usage } from '../usage.js';

/** A file that holds a cursor and a line break, and nothing else. */
export class CursorFile {
  constructor(private readonly path: string) {}

  /** undefined: there is none yet. @throws MootError `damaged` when it holds something else, which is left as it is. */
  async read(): Promise<string | undefined> {
    const text = await readFile(this.path, 'utf8').catch((cause: unknown) => {
      if (systemCode(cause) === 'ENOENT') return undefined;
      throw usage('--from', `${this.path} cannot be read: ${systemReason(cause)}`, undefined, cause);
    });
    if (text === undefined) return undefined;
    const cursor = text.trim();
    try {
      parseCursor(cursor);
    } catch (cause) {
      const hint = `another file, or without it: rm ${this.path}`;
      throw new MootError('damaged', `${this.path} holds no cursor, or half of one`, { cause, hint });
    }
    return cursor;
  }

  write(cursor: string): Promise<void> {
    return replaceFile(this.path, `${cursor}\n`);
  }
}
