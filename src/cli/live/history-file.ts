import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { replaceFile } from '../../client/replace-file.js';
import { systemCode } from '../../core/errors.js';
import { historyLines } from './live-line.js';

/** What was typed, one line each, oldest first. Losing it does no harm, so nothing that goes wrong with it is an error. */
export class HistoryFile {
  constructor(private readonly path: string) {}

  async read(): Promise<readonly string[]> {
    const text = await readFile(this.path, 'utf8').catch((error: unknown) => {
      if (systemCode(error) !== '') return '';
      throw error;
    });
    const lines = text.split('\n').filter((line) => line !== '');
    const kept = lines.slice(-historyLines);
    if (lines.length > 2 * historyLines) await this.quietly(replaceFile(this.path, `${kept.join('\n')}\n`));
    return kept;
  }

  async add(line: string): Promise<void> {
    if (line.trim() === '') return;
    await this.quietly(
      mkdir(dirname(this.path), { recursive: true, mode: 0o700 }).then(() =>
        appendFile(this.path, `${line}\n`, { mode: 0o600 }),
      ),
    );
  }

  private async quietly(work: Promise<void>): Promise<void> {
    await work.catch((error: unknown) => {
      if (systemCode(error) === '') throw error;
    });
  }
}
