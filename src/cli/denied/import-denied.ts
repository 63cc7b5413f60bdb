import { readFile } from 'node:fs/promises';
import type { Denied, Operator } from '../../client/index.js';
import { isMootError, type MootError } from '../../core/errors.js';
import { errorLine, exit } from '../failure.js';
import { oneLine } from '../render/plain.js';
import type { Session } from '../session.js';
import { systemReason } from '../system-reason.js';
import { usage } from '../usage.js';
import { parseDeniedLine } from './denied-lines.js';

/** Denies whom the lines of a file name, and says how many were added, were there already, or are refused, each by its number. */
export async function importDenied(session: Session, operator: Operator, file: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw usage('--import', `${file} cannot be read: ${systemReason(cause)}`, undefined, cause);
  });
  const numbers: number[] = [];
  const counts = { added: 0, there: 0, refused: 0 };
  const refuse = async (number: number, { code, field, message, hint }: MootError): Promise<void> => {
    counts.refused += 1;
    const said = { code, field, message: `${file}:${number}: ${message}`, hint };
    await session.complain(session.settings.json ? errorLine(said) : `${oneLine(said.message)}\n`);
  };
  const good: Denied[] = [];
  for (const [at, line] of text.split('\n').entries()) {
    try {
      const denied = parseDeniedLine(line);
      if (!denied) continue;
      good.push(denied);
      numbers.push(at + 1);
    } catch (error) {
      if (!isMootError(error)) throw error;
      await refuse(at + 1, error);
    }
  }
  let at = 0;
  for await (const outcome of operator.denyAll(good, { signal: session.signal })) {
    const number = numbers[at] ?? 0;
    at += 1;
    if (outcome === 'added') counts.added += 1;
    else if (outcome === 'there') counts.there += 1;
    else await refuse(number, outcome);
  }
  await session.give(counts);
  await session.say(`${counts.added} added, ${counts.there} there already, ${counts.refused} refused\n`);
  if (counts.refused > 0) session.status = exit.failed;
}
